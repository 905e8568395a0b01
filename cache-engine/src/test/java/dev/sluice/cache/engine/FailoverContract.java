package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.HOUR;
import static dev.sluice.cache.engine.Samples.await;
import static dev.sluice.cache.engine.Samples.newKey;
import static dev.sluice.cache.engine.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.test.ReplicatedRedis;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Two nodes over a Redis whose replica takes over, whoever arranges that. */
abstract class FailoverContract {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private LettuceConnectionFactory connections;
    private TwoLevelCache here;
    private TwoLevelCache there;
    private CacheKey key;

    abstract ReplicatedRedis redis();

    abstract LettuceConnectionFactory connect();

    /** One that the master has which is going to be lost. */
    abstract CacheKey keyOfTheMaster();

    abstract String nameOf(CacheKey one);

    /** Connecting takes longer than a call may. */
    @BeforeEach
    void warmUp() {
        connections = connect();
        here = node();
        there = node();
        key = keyOfTheMaster();
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
        redis().close();
    }

    /** And Redis tells of changes again, which are now made elsewhere. */
    @Test
    void versionsGrowAndNothingOldIsReadWhenTheReplicaHasTakenOver() {
        try (RedisTracking tracking = new RedisTracking(connections, there, new SimpleMeterRegistry())) {
            Awaitility.await().atMost(PATIENCE).until(tracking::isListening);
            long before = changed(here, "before");
            redis().awaitReplica();
            awaitReads(there, "before");
            redis().failOver();

            long after = changed(here, "after");
            there.invalidate(key, after);

            assertThat(after).isGreaterThan(before);
            awaitReads(here, "after");
            awaitReads(there, "after");
            Awaitility.await().atMost(PATIENCE).until(() -> hears(tracking));
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> await(there.get(key)).outcome() == ReadOutcome.L1_HIT);
            try (RedisByHand operator =
                    new RedisByHand(redis().replica().host(), redis().replica().port())) {
                operator.commands().del(nameOf(key));
            }
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> await(there.get(key)).outcome() == ReadOutcome.MISS);
        }
    }

    /** What the replica never had is forgotten by all, and does not come back from anybody's memory. */
    @Test
    void whatOnlyTheOldMasterHadIsForgottenByAll() {
        changed(here, "known to both");
        redis().awaitReplica();
        redis().partReplica();
        long lost = changed(here, "known to one");
        there.invalidate(key, lost);
        awaitReads(there, "known to one");
        redis().failOver();

        // A node notices by itself: its connection was made anew, or the masters are others, and its first level begins
        // empty.
        for (TwoLevelCache node : List.of(here, there)) {
            Awaitility.await().atMost(PATIENCE).until(() -> reads(node).equals("known to both"));
        }
        long next = changed(there, "next");
        here.invalidate(key, next);

        assertThat(next).isGreaterThan(lost);
        awaitReads(here, "next");
        awaitReads(there, "next");
    }

    private boolean hears(RedisTracking tracking) {
        try (RedisByHand operator =
                new RedisByHand(redis().replica().host(), redis().replica().port())) {
            return tracking.isListening() && !operator.listeners().isEmpty();
        }
    }

    private TwoLevelCache node() {
        return TwoLevelCache.builder(CacheSettings.defaults())
                .secondLevel(new RedisSecondLevel(connections))
                .build();
    }

    /** As soon as Redis takes changes. */
    private long changed(TwoLevelCache node, String value) {
        return Awaitility.await()
                .atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(SecondLevelUnavailableException.class)
                .until(
                        () -> await(node.put(key, text(value), HOUR, Condition.any()))
                                .entry()
                                .version(),
                        version -> version > 0);
    }

    private String reads(TwoLevelCache node) {
        return await(node.get(key))
                .entry()
                .map(entry -> new String(entry.value().bytes(), StandardCharsets.UTF_8))
                .orElse("nothing");
    }

    /** A busy machine may miss Redis' deadline once, and find nothing; anything else is wrong. */
    private void awaitReads(TwoLevelCache node, String value) {
        Awaitility.await().atMost(PATIENCE).until(() -> {
            ReadResult read = await(node.get(key));
            assertThat(read.outcome() == ReadOutcome.ERROR || reads(node).equals(value))
                    .as(read.toString())
                    .isTrue();
            return read.outcome() != ReadOutcome.ERROR;
        });
    }
}
