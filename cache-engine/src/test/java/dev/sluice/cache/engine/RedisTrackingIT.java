package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.HOUR;
import static dev.sluice.cache.engine.Samples.await;
import static dev.sluice.cache.engine.Samples.newKey;
import static dev.sluice.cache.engine.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.test.IsolatedRedis;
import dev.sluice.platform.test.LocalRedis;
import io.lettuce.core.CopyArgs;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolVersion;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Two nodes on one real Redis that tell each other nothing: what they hear, they hear from Redis. */
class RedisTrackingIT {

    private final IsolatedRedis redis = LocalRedis.newIsolated();
    private final RedisByHand operator = new RedisByHand(redis.host(), redis.port());
    private final TrackedNode here = new TrackedNode(RedisConnections.to(redis));
    private final TrackedNode there = new TrackedNode(RedisConnections.to(redis));
    private final CacheKey key = newKey();

    @BeforeEach
    void awaitListening() {
        soon().until(() -> here.tracking.isListening() && there.tracking.isListening());
    }

    @AfterEach
    void close() {
        here.close();
        there.close();
        operator.close();
        redis.close();
    }

    @Test
    void aChangeOfOneNodeIsReadOnTheOther() {
        here.put(key, "old");
        there.awaitCopy(key);

        here.put(key, "new");

        soon().until(() -> there.value(key).equals("new"));
        await(there.cache.delete(key, Condition.any()));
        soon().until(() -> here.value(key).isEmpty());
    }

    @Test
    void whatIsDeletedByHandLeavesBothNodes() {
        bothHold("a");

        operator.delete(key);

        awaitGone();
    }

    @Test
    void whatIsOverwrittenByHandIsReadOnBothNodes() {
        bothHold("a");
        CacheKey other = newKey();
        here.put(other, "b");

        operator.commands().copy(RedisByHand.nameOf(other), RedisByHand.nameOf(key), CopyArgs.Builder.replace(true));

        soon().until(() -> here.value(key).equals("b") && there.value(key).equals("b"));
        operator.commands().set(RedisByHand.nameOf(key), "no entry at all");
        awaitGone();
    }

    @Test
    void aRedisThatIsEmptiedEmptiesBothNodes() {
        bothHold("a");

        operator.commands().flushdb();

        awaitGone();
    }

    @Test
    void whatExpiresInRedisBeforeItsTimeLeavesBothNodes() {
        bothHold("a");

        operator.commands().pexpire(RedisByHand.nameOf(key), 1);

        awaitGone();
    }

    @Test
    void whatIsEvictedLeavesBothNodes() {
        bothHold("a");
        operator.commands().configSet("maxmemory-policy", "allkeys-random");

        operator.commands().configSet("maxmemory", "1");

        awaitGone();
    }

    /** Nobody reads in between, so that only what was confirmed can be there. */
    @Test
    void aNodeKeepsWhatItHasPut() {
        int count = 200;
        List<CacheKey> keys = Stream.generate(Samples::newKey).limit(count).toList();

        keys.forEach(each -> here.put(each, "a"));

        soon().until(() -> here.changesHeard() >= count);
        soon().untilAsserted(() -> assertThat(here.copies()).isEqualTo(count));
        assertThat(keys)
                .allSatisfy(each ->
                        assertThat(await(here.cache.get(each)).outcome()).isEqualTo(ReadOutcome.L1_HIT));
    }

    @Test
    void whatWasDeletedWhileNobodyListenedIsNotServedOnceSomebodyDoes() {
        for (int round = 0; round < 5; round++) {
            bothHold("round " + round);
            double connections = here.restarts() + there.restarts();

            operator.breakListenersAndDelete(key);

            soon().until(() -> here.restarts() + there.restarts() >= connections + 2);
            soon().until(() -> here.tracking.isListening() && there.tracking.isListening());
            assertThat(here.value(key)).isEmpty();
            assertThat(there.value(key)).isEmpty();
        }
    }

    @Test
    void aConnectionThatFallsSilentIsNoticedAndReplaced() {
        redis.pause();
        soon().until(() -> !here.tracking.isListening() && !there.tracking.isListening());

        redis.resume();

        soon().until(() -> here.tracking.isListening() && there.tracking.isListening());
        bothHold("a");
        operator.delete(key);
        awaitGone();
    }

    @Test
    void aRedisThatStartsAnewIsListenedToAgain() {
        bothHold("a");
        redis.kill();
        soon().until(() -> !here.tracking.isListening() && !there.tracking.isListening());

        redis.start();

        soon().until(() -> here.tracking.isListening() && there.tracking.isListening());
        soon().until(() -> here.value(key).isEmpty() && there.value(key).isEmpty());
    }

    @Test
    void whoIsNoMasterAnyMoreIsNotListenedTo() {
        operator.commands().replicaof("127.0.0.1", 1);
        soon().until(() -> !here.tracking.isListening());

        operator.commands().replicaofNoOne();

        soon().until(() -> here.tracking.isListening());
    }

    @Test
    void aCacheThatIsNotAllowedToListenGoesOnWithout() {
        operator.commands()
                .dispatch(
                        CommandType.ACL,
                        new StatusOutput<>(StringCodec.UTF8),
                        new CommandArgs<>(StringCodec.UTF8)
                                .add("SETUSER")
                                .add("default")
                                .add("-client|tracking"));
        try (TrackedNode deaf = new TrackedNode(RedisConnections.to(redis))) {
            deaf.put(key, "a");
            deaf.awaitCopy(key);
            assertThat(deaf.tracking.isListening()).isFalse();
            assertThat(deaf.restarts()).isZero();
        }
    }

    @Test
    void aDriverThatSpeaksTheOldProtocolGoesOnWithout() {
        try (TrackedNode deaf = new TrackedNode(RedisConnections.to(redis, ProtocolVersion.RESP2))) {
            deaf.put(key, "a");
            deaf.awaitCopy(key);
            assertThat(deaf.tracking.isListening()).isFalse();
            assertThat(deaf.restarts()).isZero();
        }
    }

    private void bothHold(String value) {
        here.put(key, value);
        soon().until(() -> there.value(key).equals(value));
        here.awaitCopy(key);
        there.awaitCopy(key);
    }

    private void awaitGone() {
        soon().until(() -> here.value(key).isEmpty() && there.value(key).isEmpty());
    }

    private static ConditionFactory soon() {
        return Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .atMost(Duration.ofSeconds(30));
    }

    /** A cache that hears from Redis, over connections of its own. */
    private static final class TrackedNode implements AutoCloseable {
        private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
        private final LettuceConnectionFactory connections;
        private final TwoLevelCache cache;
        private final RedisTracking tracking;

        TrackedNode(LettuceConnectionFactory connections) {
            this.connections = connections;
            cache = TwoLevelCache.builder(CacheSettings.defaults().withSecondLevelDeadline(Duration.ofSeconds(20)))
                    .secondLevel(new RedisSecondLevel(connections))
                    .meters(meters)
                    .build();
            tracking = new RedisTracking(connections, cache, meters);
        }

        void put(CacheKey key, String value) {
            await(cache.put(key, text(value), HOUR, Condition.any()));
        }

        String value(CacheKey key) {
            return await(cache.get(key))
                    .entry()
                    .map(entry -> new String(entry.value().bytes(), StandardCharsets.UTF_8))
                    .orElse("");
        }

        void awaitCopy(CacheKey key) {
            soon().until(() -> await(cache.get(key)).outcome() == ReadOutcome.L1_HIT);
        }

        double changesHeard() {
            return meters.get("sluice.cache.tracking.invalidations").counter().count();
        }

        double restarts() {
            return meters.get("sluice.cache.tracking.restarts").counter().count();
        }

        double copies() {
            return meters.get("sluice.cache.first.level.entries").gauge().value();
        }

        @Override
        public void close() {
            tracking.close();
            cache.close();
            connections.destroy();
        }
    }
}
