package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.newKey;
import static dev.sluice.cache.engine.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sluice.platform.test.FakeClock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class ExpirySweepTest {

    private final FakeClock clock = FakeClock.fixed();
    private final CacheCounts counts = new CacheCounts();
    private final FirstLevel first = new FirstLevel(
            new FirstLevel.Setup(1_000_000_000, clock, new Epochs(), counts, new FillGuard(), new FillGuard()));

    @Test
    void aReadLetsGoOfWhatHasEnded() {
        CacheKey key = newKey();
        keep(key, Duration.ofSeconds(10));
        clock.advance(Duration.ofSeconds(10));

        assertThat(first.find(key)).isNull();
        assertThat(first.entries()).isZero();
        assertThat(counts.expired.count()).isOne();
    }

    @Test
    void whatIsWrittenAnewAfterItsEndIsCountedOnce() {
        CacheKey key = newKey();
        keep(key, Duration.ofSeconds(10));
        clock.advance(Duration.ofSeconds(10));
        keep(key, Duration.ofSeconds(10));

        assertThat(counts.expired.count()).isOne();
        assertThat(first.find(key)).isNotNull();
    }

    /** The map below is the oracle of what lives; all that has ended leaves within two rounds, and no more is kept meanwhile. */
    @RepeatedTest(5)
    void writesAloneTakeTheMemoryOfTheEndedBack(RepetitionInfo run) {
        Random random = new Random(run.getCurrentRepetition());
        Map<CacheKey, Long> ends = new HashMap<>();
        long most = 0;
        for (int i = 0; i < 20_000; i++) {
            clock.advance(Duration.ofMillis(10));
            CacheKey key = newKey();
            Duration life = Duration.ofMillis(1 + random.nextInt(20_000));
            keep(key, life);
            ends.put(key, clock.millis() + life.toMillis());
            ends.values().removeIf(end -> end <= clock.millis());
            most = Math.max(most, first.entries() - ends.size());
        }
        // 5 s are 500 writes, and a round of 1,500 copies is some 375.
        assertThat(most).isLessThan(1_000);
        assertThat(counts.expired.count()).isEqualTo(20_000 - first.entries());
        ends.keySet().forEach(key -> assertThat(first.find(key)).isNotNull());
    }

    /** As when there is no memory for what it does. */
    @Test
    void aStepThatFailsIsNotTheLast() {
        Cache<CacheKey, Copy> copies = Caffeine.newBuilder().build();
        AtomicInteger failures = new AtomicInteger(1);
        ExpirySweep sweep = new ExpirySweep(copies, counts.expired) {
            @Override
            void seen(CacheKey key, Copy copy, long nowMillis) {
                if (failures.getAndDecrement() > 0) {
                    throw new IllegalStateException("told to fail");
                }
                super.seen(key, copy, nowMillis);
            }
        };
        for (int i = 0; i < 4; i++) {
            copies.put(newKey(), Copy.of(entry(Duration.ofSeconds(1)), 0));
        }
        long later = clock.millis() + 10_000;
        assertThatThrownBy(() -> sweep.step(later)).isInstanceOf(IllegalStateException.class);

        sweep.step(later);
        sweep.step(later + 10_000);

        assertThat(copies.asMap()).isEmpty();
    }

    private void keep(CacheKey key, Duration life) {
        CacheEntry entry = entry(life);
        first.change(key, (ignored, old) -> Copy.of(entry, first.guard().generation()));
    }

    private CacheEntry entry(Duration life) {
        return new CacheEntry(text("a"), clock.millis(), clock.instant(), Lifetime.of(life), Duration.ZERO);
    }
}
