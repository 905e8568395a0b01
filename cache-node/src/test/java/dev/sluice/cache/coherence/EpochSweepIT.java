package dev.sluice.cache.coherence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cache.engine.CacheSettings;
import dev.sluice.cache.engine.Epoch;
import dev.sluice.cache.engine.PurgeScope;
import dev.sluice.cache.engine.RedisLocks;
import dev.sluice.cache.engine.RedisSweep;
import dev.sluice.cache.engine.TwoLevelCache;
import dev.sluice.cache.event.KeyFates;
import dev.sluice.platform.kafka.test.FakeLogTable;
import dev.sluice.platform.test.IsolatedRedis;
import dev.sluice.platform.test.LocalRedis;
import dev.sluice.record.CacheEpoch;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Sweeps of a Redis that has lost what it had issued, so that the nodes and the log are all who know of it. */
class EpochSweepIT {

    private static final CacheSettings SETTINGS =
            CacheSettings.defaults().withSecondLevelDeadline(Duration.ofSeconds(20));

    private final IsolatedRedis redis = LocalRedis.newIsolated();
    private final LettuceConnectionFactory connections = new LettuceConnectionFactory(redis.host(), redis.port());
    private final RedisSweep inRedis = new RedisSweep(connections, SETTINGS, InstantSource.system());
    private final RedisLocks locks = new RedisLocks(connections, SETTINGS, InstantSource.system(), new Random(1));
    private final FakeLogTable<CacheEpoch> log = new FakeLogTable<>();
    private final TwoLevelCache cache = TwoLevelCache.builder(SETTINGS).build();
    private final EpochTable table = new EpochTable(log, cache, new KeyFates(16), InstantSource.system());
    private final EpochSweep sweep =
            new EpochSweep(inRedis, locks, cache, table, "n1", new SimpleMeterRegistry().counter("swept"));

    @BeforeEach
    void connect() {
        connections.afterPropertiesSet();
        connections.start();
    }

    @AfterEach
    void close() {
        cache.close();
        locks.close();
        inRedis.close();
        connections.destroy();
        redis.close();
    }

    /** Of two nodes that purged one scope at the same moment the later may have been the first to reach the log. */
    @Test
    void theNewerOfAScopeIsTheLastOnTheLogAfterASweep() {
        long now = System.currentTimeMillis() * 1000;
        table.post(epoch(now)).join();
        table.post(epoch(now - 1)).join();

        sweep.sweep().block();

        assertThat(log.entries())
                .singleElement()
                .satisfies(entry -> assertThat(entry.value().getEpoch()).isEqualTo(now));
        assertThat(cache.epochs()).containsExactly(epoch(now));
    }

    /** Old enough to be forgotten: every node is to forget the newer too, of which the log would not tell otherwise. */
    @Test
    void theNewerOfAScopeIsForgottenWithTheOlder() {
        table.post(epoch(6)).join();
        table.post(epoch(5)).join();

        sweep.sweep().block();

        assertThat(log.entries()).isEmpty();
        assertThat(cache.epochs()).isEmpty();
    }

    private static Epoch epoch(long number) {
        return new Epoch("acme", "feed", PurgeScope.tag("a"), false, number);
    }
}
