package dev.sluice.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.test.LocalRedis;
import dev.sluice.platform.test.Randomness;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import reactor.core.publisher.Mono;

/** The script on a real Redis does to sessions what a plain list does, at times that the test chooses. */
class SessionScriptIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int MOST = 3;
    private static final LettuceConnectionFactory FACTORY = connect();

    private final Random random = Randomness.seeded();
    private final ReactiveStringRedisTemplate redis = new ReactiveStringRedisTemplate(FACTORY);
    private final SessionStore store = new SessionStore(redis, PATIENCE, MOST);

    @AfterAll
    static void disconnect() {
        FACTORY.destroy();
    }

    @Test
    void keepsEndsAndTouchesSessionsAsAPlainListDoes() {
        for (int run = 0; run < 25; run++) {
            String someone = "-" + UUID.randomUUID();
            List<String> tenants = List.of("acme" + someone, "globex" + someone);
            List<SessionToken> tokens = new ArrayList<>();
            PlainSessions plain = new PlainSessions(MOST);
            Instant now = Instant.ofEpochSecond(random.nextLong(1_000_000_000L, 4_000_000_000L));
            for (int step = 0; step < 60; step++) {
                now = now.plusSeconds(10L * random.nextInt(4));
                String tenant = tenants.get(random.nextInt(2));
                assertSame("run " + run + " step " + step, plain, tokens, now, tenant);
            }
        }
    }

    private void assertSame(String step, PlainSessions plain, List<SessionToken> tokens, Instant now, String tenant) {
        String time = Long.toString(now.toEpochMilli());
        String user = random.nextBoolean() ? "ada" : "bob/é";
        if (tokens.isEmpty() || random.nextInt(3) == 0) {
            SessionToken token = SessionToken.generate(tenant, user, random);
            tokens.add(token);
            SessionStore.Draft draft = new SessionStore.Draft(
                    tenant, user, seconds(), seconds().plusSeconds(60), "{\"n\":[1,{}],\"u\":\"\\u00e4/\\\"\"}");
            assertThat(store.createAt(time, token, draft).block(PATIENCE))
                    .as(step)
                    .isEqualTo(plain.create(now, token, draft));
            return;
        }
        SessionToken token = tokens.get(random.nextInt(tokens.size()));
        switch (random.nextInt(6)) {
            case 0 -> assertOne(step, store.touchAt(time, tenant, token.id()), plain.touch(now, tenant, token.id()));
            case 1 -> {
                Duration pause = Duration.ofSeconds(10L * random.nextInt(3));
                String millis = Long.toString(pause.toMillis());
                assertOne(step, store.useAt(time, tenant, token, millis), plain.use(now, tenant, token, pause));
            }
            case 2 -> {
                SessionToken forged = SessionToken.parse(
                                token.text().substring(0, 54) + "0123456789012345678901234567890123456789abc")
                        .orElseThrow();
                assertOne(step, store.useAt(time, tenant, forged, "0"), Optional.empty());
            }
            case 3 ->
                assertOne(
                        step,
                        store.useAt(time, tenant, token, SessionStore.NEVER),
                        plain.find(now, tenant, token.id()));
            case 4 -> assertOne(step, store.revokeAt(time, tenant, token.id()), plain.revoke(now, tenant, token.id()));
            default ->
                assertThat(store.listAt(time, tenant, user).block(PATIENCE))
                        .as(step)
                        .isEqualTo(plain.list(now, tenant, user));
        }
    }

    @Test
    void nothingIsLeftInRedisOnceTheLastSessionIsOver() {
        String tenant = "tenant-" + UUID.randomUUID();
        SessionToken token = SessionToken.generate(tenant, "ada", random);
        SessionStore.Draft draft =
                new SessionStore.Draft(tenant, "ada", Duration.ofMinutes(5), Duration.ofHours(1), "{}");
        assertThat(store.create(token, draft).block(PATIENCE)).isNotNull();
        String key = "session:{" + token.id().owner() + "}";
        assertThat(redis.getExpire(key).block(PATIENCE)).isBetween(Duration.ofMinutes(4), Duration.ofMinutes(5));
        String stored = redis.opsForHash()
                .values(key)
                .map(String::valueOf)
                .collectList()
                .blockOptional(PATIENCE)
                .orElseThrow()
                .toString();
        assertThat(stored).contains(token.hash()).doesNotContain(token.text().substring(54));
        assertThat(store.revokeAll(tenant, "ada").block(PATIENCE)).hasSize(1);
        assertThat(redis.hasKey(key).block(PATIENCE)).isFalse();
    }

    @Test
    void holdsTheMostForAUserAlsoWhenManyAreMadeAtOnce() throws Exception {
        String tenant = "tenant-" + UUID.randomUUID();
        Set<SessionId> ended = ConcurrentHashMap.newKeySet();
        try (ExecutorService makers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> made = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                SessionToken token = SessionToken.generate(tenant, "ada", random);
                SessionStore.Draft draft =
                        new SessionStore.Draft(tenant, "ada", Duration.ofMinutes(5), Duration.ofHours(1), "{}");
                made.add(makers.submit(() -> ended.addAll(store.create(token, draft)
                        .blockOptional(PATIENCE)
                        .orElseThrow()
                        .ended())));
            }
            for (Future<?> one : made) {
                Object _ = one.get();
            }
        }
        List<Session> left = store.list(tenant, "ada").blockOptional(PATIENCE).orElseThrow();
        assertThat(left).hasSize(MOST).noneMatch(session -> ended.contains(session.id()));
        assertThat(ended).hasSize(20 - MOST);
    }

    private static void assertOne(String step, Mono<Session> seen, Optional<Session> expected) {
        assertThat(seen.blockOptional(PATIENCE)).as(step).isEqualTo(expected);
    }

    private Duration seconds() {
        return Duration.ofSeconds(10L * random.nextInt(1, 40));
    }

    private static LettuceConnectionFactory connect() {
        LettuceConnectionFactory factory = new LettuceConnectionFactory(new RedisStandaloneConfiguration(
                LocalRedis.shared().host(), LocalRedis.shared().port()));
        factory.afterPropertiesSet();
        factory.start();
        return factory;
    }
}
