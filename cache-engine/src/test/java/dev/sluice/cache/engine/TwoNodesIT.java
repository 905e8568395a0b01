package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.HOUR;
import static dev.sluice.cache.engine.Samples.await;
import static dev.sluice.cache.engine.Samples.newKey;
import static dev.sluice.cache.engine.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.test.FakeClock;
import dev.sluice.platform.test.LocalRedis;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Two nodes on one real Redis; what the log would carry is passed by hand. */
class TwoNodesIT {

    private static LettuceConnectionFactory connections;

    private final CacheKey key = newKey();

    @BeforeAll
    static void connect() {
        connections = RedisConnections.to(LocalRedis.shared());
    }

    @AfterAll
    static void disconnect() {
        connections.destroy();
    }

    @Test
    void aChangeOnOneNodeIsReadOnTheOtherOnceItWasTold() {
        TwoLevelCache here = node(InstantSource.system());
        TwoLevelCache there = node(InstantSource.system());
        put(here, "old");
        assertThat(await(there.get(key)).outcome()).isEqualTo(ReadOutcome.L2_HIT);
        assertThat(await(there.get(key)).outcome()).isEqualTo(ReadOutcome.L1_HIT);

        there.invalidate(key, put(here, "new"));

        assertThat(await(there.get(key)).entry().orElseThrow().value()).isEqualTo(text("new"));
        there.invalidate(key, await(here.delete(key, Condition.any())).version());
        assertThat(await(there.get(key)).outcome()).isEqualTo(ReadOutcome.MISS);
    }

    @Test
    void nodesWhoseClocksAreHoursApartAgreeOnLivesAndVersions() {
        FakeClock early = FakeClock.startingAt(Instant.parse("2026-01-01T10:00:00Z"));
        FakeClock late = FakeClock.startingAt(Instant.parse("2026-01-01T13:00:00Z"));
        TwoLevelCache here = node(early);
        TwoLevelCache there = node(late);
        long first = put(here, "a");

        CacheEntry copy = await(there.get(key)).entry().orElseThrow();
        assertThat(copy.version()).isEqualTo(first);
        assertThat(Duration.between(late.instant(), copy.expiresAt())).isBetween(Duration.ofMinutes(59), HOUR);
        assertThat(await(there.get(key)).outcome()).isEqualTo(ReadOutcome.L1_HIT);

        here.invalidate(key, put(there, "b"));
        assertThat(await(here.get(key)).entry().orElseThrow().value()).isEqualTo(text("b"));
    }

    /** Many threads at once; afterwards no node may hold anything but the newest value. */
    @RepeatedTest(5)
    void afterConcurrentChangesBothNodesServeTheNewest(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        TwoLevelCache[] nodes = {node(InstantSource.system()), node(InstantSource.system())};
        Map<Long, String> written = new ConcurrentHashMap<>();

        await(Flux.range(0, 3000)
                .map(i -> random.nextInt(4) == 0 ? -i : i)
                .flatMap(
                        i -> i < 0
                                ? change(nodes, nodes[-i % 2], "v" + -i, written)
                                : nodes[i % 2].get(key).then(),
                        32)
                .then(Mono.just(true)));

        long newest = written.keySet().stream().mapToLong(Long::longValue).max().orElseThrow();
        for (TwoLevelCache node : nodes) {
            CacheEntry entry = await(node.get(key)).entry().orElseThrow();
            assertThat(entry.version()).isEqualTo(newest);
            assertThat(entry.value()).isEqualTo(text(written.getOrDefault(newest, "")));
        }
    }

    private Mono<Void> change(TwoLevelCache[] nodes, TwoLevelCache node, String value, Map<Long, String> written) {
        return node.put(key, text(value), HOUR, Condition.any())
                .doOnNext(put -> {
                    written.put(put.entry().version(), value);
                    for (TwoLevelCache each : nodes) {
                        each.invalidate(key, put.entry().version());
                    }
                })
                .then();
    }

    private static TwoLevelCache node(InstantSource clock) {
        return TwoLevelCache.builder(CacheSettings.defaults().withSecondLevelDeadline(Duration.ofSeconds(20)))
                .secondLevel(new RedisSecondLevel(connections))
                .clock(clock)
                .build();
    }

    private long put(TwoLevelCache node, String value) {
        return await(node.put(key, text(value), HOUR, Condition.any())).entry().version();
    }
}
