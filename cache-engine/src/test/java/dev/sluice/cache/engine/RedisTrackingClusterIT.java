package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.HOUR;
import static dev.sluice.cache.engine.Samples.await;
import static dev.sluice.cache.engine.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.test.IsolatedRedis;
import dev.sluice.platform.test.IsolatedRedisCluster;
import dev.sluice.platform.test.LocalRedis;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** A node that listens to every master of a Redis Cluster. */
class RedisTrackingClusterIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final IsolatedRedisCluster cluster = LocalRedis.sharedCluster();
    private final LettuceConnectionFactory connections = RedisConnections.to(cluster);
    private final TwoLevelCache node = TwoLevelCache.builder(
                    CacheSettings.defaults().withSecondLevelDeadline(Duration.ofSeconds(20)))
            .secondLevel(new RedisSecondLevel(connections))
            .build();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final RedisTracking tracking = new RedisTracking(connections, node, meters);

    /** So many that every master has some. */
    private final List<CacheKey> keys =
            IntStream.range(0, 30).mapToObj(ignored -> Samples.newKey()).toList();

    @BeforeEach
    void awaitListening() {
        Awaitility.await().atMost(PATIENCE).until(this::listensToAll);
    }

    @AfterEach
    void close() {
        tracking.close();
        node.close();
        connections.destroy();
    }

    @Test
    void hearsOfChangesOnEveryMaster() {
        holdAll();

        keys.forEach(this::deleteByHand);

        awaitGone();
    }

    @Test
    void hearsOfChangesInASlotThatWasMoved() {
        holdAll();
        String name = nameOf(keys.getFirst());

        cluster.moveElsewhere(name);
        Awaitility.await()
                .atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> await(node.get(keys.getFirst())).outcome() == ReadOutcome.L1_HIT);
        keys.forEach(this::deleteByHand);

        awaitGone();
    }

    @Test
    void listensAgainToAMasterThatWasStartedAnew() {
        IsolatedRedis master = cluster.masterOf(nameOf(keys.getFirst()));
        master.kill();
        Awaitility.await().atMost(PATIENCE).until(() -> !tracking.isListening());
        master.start();
        cluster.awaitAgreement();
        Awaitility.await().atMost(PATIENCE).until(this::listensToAll);
        holdAll();

        keys.forEach(this::deleteByHand);

        awaitGone();
    }

    private boolean listensToAll() {
        return tracking.isListening()
                && cluster.masters().stream().allMatch(master -> {
                    try (RedisByHand operator = new RedisByHand(master.host(), master.port())) {
                        return !operator.listeners().isEmpty();
                    }
                });
    }

    private void holdAll() {
        Awaitility.await()
                .atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(keys)
                        .allSatisfy(key -> assertThat(await(node.put(key, text("a"), HOUR, Condition.any()))
                                        .entry()
                                        .version())
                                .isPositive()));
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(keys)
                        .allSatisfy(key ->
                                assertThat(await(node.get(key)).outcome()).isEqualTo(ReadOutcome.L1_HIT)));
    }

    private static String nameOf(CacheKey key) {
        return RedisByHand.nameOf(RedisConnections.CLUSTER, key);
    }

    private void deleteByHand(CacheKey key) {
        IsolatedRedis master = cluster.masterOf(nameOf(key));
        try (RedisByHand operator = new RedisByHand(master.host(), master.port())) {
            operator.commands().del(nameOf(key));
        }
    }

    private void awaitGone() {
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(keys)
                        .allSatisfy(key ->
                                assertThat(await(node.get(key)).outcome()).isEqualTo(ReadOutcome.MISS)));
    }
}
