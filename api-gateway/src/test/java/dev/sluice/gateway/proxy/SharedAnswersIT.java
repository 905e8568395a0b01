package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.relay.Upstream;
import dev.sluice.gateway.relay.Wire;
import dev.sluice.gateway.route.Access;
import dev.sluice.gateway.route.CachePolicy;
import dev.sluice.gateway.route.CachePolicy.SetCookie;
import dev.sluice.gateway.route.CachePolicy.Share;
import dev.sluice.gateway.route.CallerIdentity;
import dev.sluice.gateway.route.RouteFixture;
import dev.sluice.platform.test.FakeClock;
import dev.sluice.platform.test.IsolatedRedis;
import dev.sluice.platform.test.LocalRedis;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Import;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import reactor.core.publisher.Mono;

/** Gateways share answers in Redis, each with those whom it is for, and go on without it. */
@ProxyTest
@Import(CachedRouteSlice.class)
class SharedAnswersIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration LOCAL_AGE = Duration.ofSeconds(10);
    private static final Upstream UPSTREAM = new Upstream();
    private static final IsolatedRedis REDIS = LocalRedis.newIsolated();

    @Value("${local.server.port}")
    private int port;

    @Autowired
    private RouteFixture routes;

    @Autowired
    private FakeClock clock;

    @Autowired
    private ReactiveRedisConnectionFactory connections;

    @DynamicPropertySource
    static void redis(DynamicPropertyRegistry registry) {
        registry.add("spring.data.redis.host", REDIS::host);
        registry.add("spring.data.redis.port", REDIS::port);
        registry.add("sluice.gateway.response-cache.read-timeout", () -> "5s");
    }

    @BeforeEach
    void reset() {
        UPSTREAM.reset();
        flush();
        routes.set(
                RouteDraft.of("shop", UPSTREAM.url()).cache(CachePolicy.USUAL).route());
        UPSTREAM.answers((request, response) -> response.addHeader("Cache-Control", "max-age=3600")
                .sendString(Mono.just("ware " + UPSTREAM.seen().size())));
    }

    @AfterAll
    static void stop() {
        UPSTREAM.stop();
        REDIS.close();
    }

    @Test
    void findsInRedisWhatItHasForgottenItself() throws IOException {
        assertThat(Wire.get(port, "/shop/shared")).endsWith("ware 1");
        await().atMost(PATIENCE).until(() -> answersInRedis() == 1);
        var _ = clock.advance(LOCAL_AGE.plusSeconds(1));
        assertThat(Wire.get(port, "/shop/shared"))
                .contains("sluice; hit", "Age: 11")
                .endsWith("ware 1");
        assertThat(Wire.exchange(port, "DELETE", "/shop/shared")).startsWith("HTTP/1.1 200");
        await().atMost(PATIENCE).until(() -> answersInRedis() == 0);
        var _ = clock.advance(LOCAL_AGE.plusSeconds(1));
        assertThat(Wire.get(port, "/shop/shared")).contains("uri-miss");
        flush();
    }

    @Test
    void goesOnWithoutRedis() throws IOException {
        assertThat(Wire.get(port, "/shop/alone")).endsWith("ware 1");
        REDIS.kill();
        try {
            assertThat(Wire.get(port, "/shop/alone")).contains("sluice; hit").endsWith("ware 1");
            for (int i = 0; i < 20; i++) {
                assertThat(Wire.get(port, "/shop/alone/" + i))
                        .startsWith("HTTP/1.1 200")
                        .contains("uri-miss");
                assertThat(Wire.get(port, "/shop/alone/" + i))
                        .startsWith("HTTP/1.1 200")
                        .contains("sluice; hit");
            }
            // What is put while Redis is away stays in memory for as long as it is fresh.
            var _ = clock.advance(LOCAL_AGE.plusSeconds(1));
            assertThat(Wire.get(port, "/shop/alone/19")).contains("sluice; hit");
            assertThat(Wire.exchange(port, "DELETE", "/shop/alone/19")).startsWith("HTTP/1.1 200");
            assertThat(Wire.get(port, "/shop/alone/19")).contains("uri-miss");
        } finally {
            REDIS.start();
        }
        await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> {
            var _ = clock.advance(Duration.ofSeconds(2));
            assertThat(Wire.get(port, "/shop/back")).startsWith("HTTP/1.1 200");
            assertThat(Wire.exchange(port, "DELETE", "/shop/back")).startsWith("HTTP/1.1 200");
            var _ = clock.advance(Duration.ofSeconds(2));
            assertThat(Wire.get(port, "/shop/back")).startsWith("HTTP/1.1 200");
            assertThat(answersInRedis()).isPositive();
        });
        flush();
    }

    @Test
    void keepsTheAnswersOfTenantsApart() throws IOException {
        share(Share.TENANT, CallerIdentity.NONE);
        answers("ware", "Cache-Control: max-age=60");
        assertThat(asks("a/1", "/shop/who/0")).contains("uri-miss");
        assertThat(asks("a/2", "/shop/who/0")).contains("sluice; hit");
        assertThat(asks("b/1", "/shop/who/0")).contains("uri-miss");
    }

    @Test
    void keepsWhatBelongsToAKeyForThatKey() throws IOException {
        share(Share.KEY, CallerIdentity.HEADERS);
        answers("ware", "Cache-Control: max-age=60, private");
        assertThat(asks("a/1", "/shop/who/1")).contains("uri-miss");
        assertThat(asks("a/1", "/shop/who/1")).contains("sluice; hit");
        assertThat(asks("a/2", "/shop/who/1")).contains("uri-miss");
        assertThat(asks("a/1", "/shop/who/1", "Cookie: person=2")).doesNotContain("sluice; hit");
    }

    @Test
    void anUpstreamThatIsToldWhoAsksHasToSayThatItsAnswerIsForAll() throws IOException {
        share(Share.TENANT, CallerIdentity.HEADERS);
        answers("ware", "Cache-Control: max-age=60");
        assertThat(asks("a/1", "/shop/who/2")).doesNotContain("stored");
        assertThat(asks("a/2", "/shop/who/2")).contains("uri-miss");
        answers("ware", "Cache-Control: max-age=60, public");
        assertThat(asks("a/1", "/shop/who/2")).contains("uri-miss; stored");
        assertThat(asks("a/2", "/shop/who/2")).contains("sluice; hit");
    }

    private void share(Share share, CallerIdentity told) {
        routes.set(RouteDraft.of("shop", UPSTREAM.url())
                .access(Access.KEY, told)
                .cache(CachedRouteIT.policy(share, SetCookie.PASS, Duration.ZERO, 100))
                .route());
    }

    /** @param caller as {@code tenant/key} */
    private String asks(String caller, String path, String... headers) throws IOException {
        List<String> all = new ArrayList<>(List.of(headers));
        all.add(CachedRouteSlice.CALLER + ": " + caller);
        return Wire.get(port, path, all.toArray(String[]::new));
    }

    private void answers(String body, String control) {
        String[] parts = control.split(": ", 2);
        UPSTREAM.answers(
                (request, response) -> response.addHeader(parts[0], parts[1]).sendString(Mono.just(body)));
    }

    private long answersInRedis() {
        ReactiveStringRedisTemplate redis = new ReactiveStringRedisTemplate(connections);
        // Tombstones are shorter than any answer.
        Long count = redis.keys("*{@all:@responses*")
                .filterWhen(key -> redis.opsForValue().size(key).map(size -> size > 100))
                .count()
                .block(PATIENCE);
        return count == null ? 0 : count;
    }

    private void flush() {
        String _ =
                connections.getReactiveConnection().serverCommands().flushAll().block(PATIENCE);
    }
}
