package dev.sluice.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.platform.test.Randomness;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

class InternalRoutesTest {

    private static final DataSize SIZE = DataSize.ofKilobytes(1);

    @ParameterizedTest
    @CsvSource({
        "/api/v1/cache/namespaces/n/keys/k, CACHE",
        "/api/v1/cache/namespaces, CACHE",
        "/api/v1/cache/purge, CACHE",
        "/api/v1/cache/purges/1, CACHE",
        "/api/v1/cache/info, CACHE",
        "/api/v1/cache/stats, METRICS",
        "/api/v1/cache, METRICS",
        "/api/v1/cache/namespacesx/n, METRICS",
        "/api/v1/cache/Namespaces/n, METRICS",
        "/api/v1/usage, METRICS",
        "/api/v1/webhooks, WEBHOOKS",
        "/api/v1/webhook-keys/ep_1, WEBHOOKS",
        "/api/v1/webhooks/1/a/b/c/d/e, WEBHOOKS",
        "/api/v1/monitoring/x, METRICS"
    })
    void findsTheServiceOfAPath(String path, InternalService service) {
        assertThat(InternalRoutes.ofPlatform().find(path))
                .map(InternalRoute::service)
                .contains(service);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "*",
                "/api",
                "/api/v1",
                "/api/v1/",
                "/api/v1/webhook",
                "/api/v1/webhooksx",
                "/api/v1/%77ebhooks",
                "/API/v1/webhooks",
                "//api/v1/webhooks",
                "/api//v1/webhooks",
                "/x/api/v1/webhooks",
                "api/v1/webhooks",
                "/api/v1/events",
                "/api/v1/webhooks;x"
            })
    void findsNoneForOtherPaths(String path) {
        assertThat(InternalRoutes.ofPlatform().find(path)).isEmpty();
    }

    @Test
    void agreesWithComparingEveryPrefix() {
        Random random = Randomness.seeded();
        List<InternalRoute> routes = randomPrefixes(random).stream()
                .map(prefix -> new InternalRoute(prefix, InternalService.CACHE, SIZE))
                .toList();
        InternalRoutes found = new InternalRoutes(routes);
        for (int i = 0; i < 20_000; i++) {
            String path = randomPath(random, 7) + (random.nextInt(5) == 0 ? "/" : "");
            Optional<InternalRoute> expected = routes.stream()
                    .filter(route -> path.equals(route.prefix()) || path.startsWith(route.prefix() + "/"))
                    .max(Comparator.comparingInt(route -> route.prefix().length()));
            assertThat(found.find(path)).as(path).isEqualTo(expected);
        }
    }

    @Test
    void refusesTwoRoutesForOnePrefix() {
        InternalRoute route = new InternalRoute("/a", InternalService.CACHE, SIZE);
        assertThatThrownBy(() -> new InternalRoutes(List.of(route, route))).hasMessageContaining("/a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "/", "/a/"})
    void refusesPrefixesThatAreNone(String prefix) {
        assertThatThrownBy(() -> new InternalRoute(prefix, InternalService.CACHE, SIZE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("prefix");
    }

    private static List<String> randomPrefixes(Random random) {
        return IntStream.range(0, 12)
                .mapToObj(i -> randomPath(random, 4))
                .distinct()
                .toList();
    }

    private static String randomPath(Random random, int max) {
        return IntStream.rangeClosed(0, random.nextInt(max))
                .mapToObj(i -> List.of("a", "b", "aa").get(random.nextInt(3)))
                .collect(Collectors.joining("/", "/", ""));
    }
}
