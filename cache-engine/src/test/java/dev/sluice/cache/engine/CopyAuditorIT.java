package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.HOUR;
import static dev.sluice.cache.engine.Samples.await;
import static dev.sluice.cache.engine.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.test.IsolatedRedis;
import dev.sluice.platform.test.LocalRedis;
import dev.sluice.platform.test.Randomness;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Nodes on one real Redis whose copies are looked over while they are read and changed. */
class CopyAuditorIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final IsolatedRedis redis = LocalRedis.newIsolated();
    private final LettuceConnectionFactory connections = RedisConnections.to(redis);
    private final List<CacheKey> keys =
            Stream.generate(Samples::newKey).limit(200).toList();
    private final Random random = Randomness.seeded();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final TwoLevelCache writer = node();
    private final TwoLevelCache audited = node();
    private final CopyAuditor auditor = audited.audit(
            new AuditSettings(AuditSettings.MAX_PER_SECOND, Duration.ofSeconds(1)),
            meters,
            (key, finding, version, time) -> {});

    @AfterEach
    void close() {
        auditor.close();
        audited.close();
        writer.close();
        connections.destroy();
        redis.close();
    }

    @Test
    void aNodeThatHearsOfChangesHoldsNothingWrongUnderLoad() {
        try (RedisTracking tracking = new RedisTracking(connections, audited, meters)) {
            Awaitility.await().atMost(PATIENCE).until(tracking::isListening);
            Awaitility.await().atMost(PATIENCE).until(() -> {
                load(1000);
                return count("consistent") > 1000;
            });
        }
        assertThat(count("stale")).isZero();
        assertThat(count("orphaned")).isZero();
    }

    @Test
    void aNodeWhoseInvalidationsAreLostIsFound() {
        load(1000);
        keys.forEach(key -> await(audited.get(key)));
        keys.forEach(key -> await(writer.put(key, text("new"), HOUR, Condition.any())));

        Awaitility.await().atMost(PATIENCE).until(() -> count("stale") >= 1);
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> keys.stream()
                        .allMatch(key -> await(audited.get(key))
                                .entry()
                                .orElseThrow()
                                .value()
                                .equals(text("new"))));

        assertThat(meters.get("sluice.cache.consistency.ratio").gauge().value()).isLessThan(1);
        assertThat(meters.get("sluice.cache.audit.wrong").timer().max(TimeUnit.MILLISECONDS))
                .isPositive();
    }

    private void load(int steps) {
        await(Flux.range(0, steps).flatMap(this::step, 16).then(Mono.just(true)));
    }

    private Mono<?> step(int step) {
        CacheKey key = keys.get(random.nextInt(keys.size()));
        return switch (random.nextInt(10)) {
            case 0 -> writer.put(key, text("v" + step), HOUR, Condition.any());
            case 1 -> audited.put(key, text("w" + step), HOUR, Condition.any());
            case 2 -> writer.delete(key, Condition.any());
            default -> audited.get(key);
        };
    }

    private TwoLevelCache node() {
        return TwoLevelCache.builder(CacheSettings.defaults().withSecondLevelDeadline(Duration.ofSeconds(20)))
                .secondLevel(new RedisSecondLevel(connections))
                .build();
    }

    private double count(String result) {
        return meters.get("sluice.cache.audit.copies")
                .tag("result", result)
                .counter()
                .count();
    }
}
