package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.HOUR;
import static dev.sluice.cache.engine.Samples.await;
import static dev.sluice.cache.engine.Samples.newKey;
import static dev.sluice.cache.engine.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a hit on this node costs the garbage collector. */
class HitAllocationTest {

    private static final int READS = 50_000;

    @ParameterizedTest
    @ValueSource(longs = {0, 3_600_000})
    void aHitAllocatesNothing(long idleMillis) {
        TwoLevelCache cache = TwoLevelCache.builder(CacheSettings.defaults()).build();
        CacheKey key = newKey();
        Lifetime lifetime = Lifetime.of(HOUR).withIdle(Duration.ofMillis(idleMillis));
        await(cache.put(key, text("a"), lifetime, Condition.any()));
        allocatedBy(cache, key);

        // Caffeine's buffers of reads cost a few bytes now and then.
        assertThat(allocatedBy(cache, key) / READS).isLessThan(8);
        assertThat(cache.get(key).block(Duration.ofSeconds(1))).isNotNull();
    }

    private static long allocatedBy(TwoLevelCache cache, CacheKey key) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        int present = 0;
        for (int i = 0; i < READS; i++) {
            present += cache.get(key).hashCode() == 0 ? 0 : 1;
        }
        assertThat(present).isPositive();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }
}
