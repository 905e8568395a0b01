package dev.sluice.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.web.util.UriUtils;

class CompiledRoutesPropertyTest {

    private static final List<String> WORDS = List.of("a", "b", "shop", "A", "ä", "x.y", "a b");
    private static final List<String> HOSTS =
            List.of("example.com", "shop.example.com", "*.example.com", "*.shop.example.com", "*.com", "other.test");
    private static final List<String> ASKED_HOSTS = List.of(
            "example.com",
            "SHOP.example.com",
            "a.shop.example.com",
            "b.a.shop.example.com",
            "x.com",
            "other.test",
            "com",
            "nobody.test",
            "");
    private static final List<HttpMethod> METHODS = List.of(HttpMethod.GET, HttpMethod.POST, HttpMethod.PUT);
    private static final int ROUTES = 25;
    private static final int REQUESTS = 2_000;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void findsWhatTryingAllRoutesFinds(long seed) {
        Random random = new Random(seed);
        List<Route> routes = new ArrayList<>();
        for (int i = 0; i < ROUTES; i++) {
            routes.add(TestRoutes.route("r" + i, randomMatch(random)));
        }
        CompiledRoutes index = CompiledRoutes.of(routes);
        LinearRoutes oracle = new LinearRoutes(routes);
        int found = 0;
        for (int i = 0; i < REQUESTS; i++) {
            List<String> segments = randomWords(random, random.nextInt(5));
            String host = pick(random, ASKED_HOSTS);
            HttpMethod method = pick(random, METHODS);
            HttpHeaders headers = randomHeaders(random);
            String path = pathOf(segments);
            Optional<RouteHit> expected = oracle.find(host, segments, method, headers);
            assertThat(index.find(host + pick(random, List.of("", ":8080", ".", ".:80")), path, method, headers))
                    .as("seed %d: %s %s %s %s", seed, method, host, path, headers)
                    .isEqualTo(expected);
            found += expected.isPresent() ? 1 : 0;
            assertAllowed(index, oracle, host, segments, headers);
        }
        assertThat(found).as("requests with a route").isBetween(REQUESTS / 10, REQUESTS - REQUESTS / 10);
    }

    private static void assertAllowed(
            CompiledRoutes index, LinearRoutes oracle, String host, List<String> segments, HttpHeaders headers) {
        Set<HttpMethod> expected = RouteRules.METHODS.stream()
                .filter(method -> oracle.find(host, segments, method, headers).isPresent())
                .collect(Collectors.toSet());
        assertThat(index.allowedMethods(host, pathOf(segments), headers)).isEqualTo(expected);
    }

    private static RouteMatch randomMatch(Random random) {
        StringBuilder path = new StringBuilder();
        List<String> words = randomWords(random, random.nextInt(4));
        for (int i = 0; i < words.size(); i++) {
            path.append('/').append(random.nextInt(3) == 0 ? "{v" + i + "}" : words.get(i));
        }
        if (random.nextInt(3) == 0 || path.isEmpty()) {
            path.append("/**");
        }
        Set<String> hosts = new HashSet<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            hosts.add(pick(random, HOSTS));
        }
        Set<HttpMethod> methods = new HashSet<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            methods.add(pick(random, METHODS));
        }
        List<HeaderTest> headers = new ArrayList<>();
        if (random.nextInt(3) == 0) {
            headers.add(new HeaderTest("X-Version", Optional.of("2")));
        }
        if (random.nextInt(5) == 0) {
            headers.add(new HeaderTest("x-beta", Optional.empty()));
        }
        return new RouteMatch(List.copyOf(hosts), path.toString(), methods, headers);
    }

    private static HttpHeaders randomHeaders(Random random) {
        HttpHeaders headers = new HttpHeaders();
        if (random.nextBoolean()) {
            headers.add("x-version", pick(random, List.of("1", "2", "22")));
        }
        if (random.nextInt(3) == 0) {
            headers.add("X-Beta", "");
        }
        return headers;
    }

    private static String pathOf(List<String> segments) {
        return segments.isEmpty()
                ? "/"
                : segments.stream()
                        .map(segment -> "/" + UriUtils.encode(segment, "UTF-8"))
                        .collect(Collectors.joining());
    }

    private static List<String> randomWords(Random random, int count) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            words.add(pick(random, WORDS));
        }
        return words;
    }

    private static <T> T pick(Random random, List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
