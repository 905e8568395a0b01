package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.HOUR;
import static dev.sluice.cache.engine.Samples.await;
import static dev.sluice.cache.engine.Samples.newKey;
import static dev.sluice.cache.engine.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.test.IsolatedRedisSentinel;
import dev.sluice.platform.test.LocalRedis;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Two nodes over a Redis whose replica takes over, by a real Sentinel. */
class RedisFailoverIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final IsolatedRedisSentinel redis = LocalRedis.newWithSentinel();
    private final LettuceConnectionFactory connections = RedisConnections.to(redis);
    private final CacheKey key = newKey();
    private final TwoLevelCache here = node();
    private final TwoLevelCache there = node();

    /** Connecting takes longer than a call may. */
    @BeforeEach
    void warmUp() {
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> Stream.of(here, there)
                        .allMatch(node -> await(node.get(newKey())).outcome() == ReadOutcome.MISS));
    }

    @AfterEach
    void close() {
        here.close();
        there.close();
        connections.destroy();
        redis.close();
    }

    @Test
    void versionsGrowAndNothingOldIsReadWhenTheReplicaHasTakenOver() {
        long before = put(here, "before");
        redis.awaitReplica();
        assertReads(there, "before");
        redis.master().kill();
        redis.awaitTakeover();

        long after = changed(here, "after");
        there.invalidate(key, after);

        assertThat(after).isGreaterThan(before);
        assertReads(here, "after");
        assertReads(there, "after");
    }

    /** What the replica never had is forgotten by all, and does not come back from anybody's memory. */
    @Test
    void whatOnlyTheOldMasterHadIsForgottenByAll() {
        put(here, "known to both");
        redis.awaitReplica();
        redis.partReplica();
        long lost = put(here, "known to one");
        there.invalidate(key, lost);
        assertReads(there, "known to one");
        redis.master().kill();
        redis.awaitTakeover();

        // A node notices by itself: its connection was made anew, and its first level begins empty.
        for (TwoLevelCache node : List.of(here, there)) {
            Awaitility.await().atMost(PATIENCE).until(() -> reads(node).equals("known to both"));
        }
        long next = changed(there, "next");
        here.invalidate(key, next);

        assertThat(next).isGreaterThan(lost);
        assertReads(here, "next");
        assertReads(there, "next");
    }

    private TwoLevelCache node() {
        return TwoLevelCache.builder(CacheSettings.defaults())
                .secondLevel(new RedisSecondLevel(connections))
                .build();
    }

    private long put(TwoLevelCache node, String value) {
        return await(node.put(key, text(value), HOUR, Condition.any())).entry().version();
    }

    /** As soon as Redis takes changes again. */
    private long changed(TwoLevelCache node, String value) {
        return Awaitility.await()
                .atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(SecondLevelUnavailableException.class)
                .until(() -> put(node, value), version -> version > 0);
    }

    private String reads(TwoLevelCache node) {
        return await(node.get(key))
                .entry()
                .map(entry -> new String(entry.value().bytes(), StandardCharsets.UTF_8))
                .orElse("nothing");
    }

    private void assertReads(TwoLevelCache node, String value) {
        // A busy machine may miss Redis' deadline once.
        Awaitility.await().atMost(PATIENCE).until(() -> await(node.get(key)).outcome() != ReadOutcome.ERROR);
        assertThat(reads(node)).isEqualTo(value);
    }
}
