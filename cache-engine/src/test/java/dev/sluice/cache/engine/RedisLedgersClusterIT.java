package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.platform.test.LocalRedis;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Ledgers on three masters, each beside its entries. */
class RedisLedgersClusterIT extends LedgerScenario {

    private static LettuceConnectionFactory connections;

    @BeforeAll
    static void connect() {
        connections = RedisConnections.to(LocalRedis.sharedCluster());
    }

    @AfterAll
    static void disconnect() {
        connections.destroy();
    }

    @Override
    LettuceConnectionFactory connections() {
        return connections;
    }

    @Override
    RedisNames names() {
        return RedisConnections.CLUSTER;
    }

    /** What other masters hold is known a second later. */
    @Test
    void aQuotaHoldsOverAllMasters() {
        quotas.of(space, new Quota(50, Quota.UNBOUNDED));
        RedisSecondLevel one = level();
        RedisSecondLevel other = level();
        for (int i = 0; i < 50; i++) {
            put(i % 2 == 0 ? one : other, key(0, i), 1, Duration.ofHours(1));
        }
        // What is put before a node has heard of the others is there as well.
        AtomicInteger next = new AtomicInteger(1_000);
        for (RedisSecondLevel node : new RedisSecondLevel[] {one, other}) {
            Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
                assertThatThrownBy(() -> put(node, key(0, next.incrementAndGet()), 1, Duration.ofHours(1)))
                        .isInstanceOfSatisfying(
                                QuotaExceededException.class,
                                full -> assertThat(full.used()).isGreaterThanOrEqualTo(50));
            });
        }
        for (int i = 0; i < 50; i++) {
            await(one.delete(key(0, i), Condition.any()));
        }
        Awaitility.await()
                .atMost(PATIENCE)
                .ignoreException(QuotaExceededException.class)
                .untilAsserted(() -> put(other, key(0, 2_000), 1, Duration.ofHours(1)));
    }
}
