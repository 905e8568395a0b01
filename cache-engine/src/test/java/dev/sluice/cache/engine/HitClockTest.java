package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.HOUR;
import static dev.sluice.cache.engine.Samples.await;
import static dev.sluice.cache.engine.Samples.newKey;
import static dev.sluice.cache.engine.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.sluice.platform.test.FakeClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

/** Who is timed, and what the others are told; the clock and its thread are the test's. */
class HitClockTest {

    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int MANY_A_MILLI = (int) (HitClock.MANY / 1000) + 1;
    private static final int ENOUGH = 10_000;

    /** About to start at the bottom again. */
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 50 * MILLI);

    private final AtomicLong reads = new AtomicLong();
    private final List<Runnable> threads = new ArrayList<>();
    private final HitClock clock = new HitClock(nanos::get, reads::get, threads::add);

    @Test
    void timesEachReadWhileTheyAreNotMany() {
        for (int milli = 0; milli < 1000; milli++) {
            for (int i = 0; i < MANY_A_MILLI - 2; i++) {
                assertThat(read(7)).isEqualTo(7);
            }
            nanos.addAndGet(MILLI);
        }

        assertThat(threads).isEmpty();
    }

    @Test
    void timesOneInSixteenOfManyAndTellsOthersWhatItTook() {
        readMany(50);
        assertThat(threads).hasSize(1);
        int timed = 0;
        long last = 7;
        for (int i = 0; i < ENOUGH; i++) {
            long begun = clock.begin();
            if (begun != HitClock.UNTIMED) {
                timed++;
                last = 100L + i;
                nanos.addAndGet(last);
            }
            long end = clock.end(begun);
            assertThat(end - clock.begun(begun, end)).isEqualTo(last);
        }

        assertThat(timed).isBetween(ENOUGH / HitClock.SAMPLE / 2, ENOUGH / HitClock.SAMPLE * 2);
    }

    @Test
    void whoIsNotTimedIsToldTheMomentThatWasLookedUpLast() {
        readMany(50);
        nanos.addAndGet(MILLI);
        assertThat(clock.look()).isTrue();
        long looked = nanos.getAndAdd(3);

        assertThat(clock.moment(HitClock.UNTIMED)).isEqualTo(looked);
        assertThat(clock.end(HitClock.UNTIMED)).isEqualTo(looked);
        assertThat(clock.moment(5)).isEqualTo(5);
        assertThat(clock.timed(HitClock.UNTIMED)).isEqualTo(nanos.get());
    }

    /** A machine that is short of processors, or a process that was stopped for a while. */
    @Test
    void aReadThatIsTimedLooksForAllWhenTheThreadIsLate() {
        readMany(50);
        nanos.addAndGet(500 * MILLI);
        long begun = clock.begin();
        while (begun == HitClock.UNTIMED) {
            begun = clock.begin();
        }
        clock.end(begun);

        assertThat(clock.moment(HitClock.UNTIMED)).isEqualTo(nanos.get());
    }

    @Test
    void timesEachAgainOnceTheyAreFew() {
        readMany(50);
        boolean goesOn = true;
        for (int milli = 0; milli < 1000 && goesOn; milli++) {
            nanos.addAndGet(MILLI);
            goesOn = clock.look();
        }
        assertThat(goesOn).isFalse();
        for (int i = 0; i < ENOUGH; i++) {
            assertThat(read(9)).isEqualTo(9);
        }

        readMany(50);

        assertThat(threads).hasSize(2);
    }

    @Test
    void endsWithItsCache() {
        readMany(50);
        clock.close();

        assertThat(clock.look()).isFalse();
        readMany(50);
        assertThat(threads).hasSize(1);
    }

    /** With the clock of the machine, by two threads: sampled or not, none is lost, and none without a latency. */
    @Test
    void everyReadIsToldOnce() throws Exception {
        Told told = new Told();
        CacheKey key = newKey();
        try (TwoLevelCache cache = TwoLevelCache.builder(CacheSettings.defaults())
                        .observer(told)
                        .build();
                ExecutorService readers = Executors.newFixedThreadPool(2)) {
            await(cache.put(key, text("a"), Lifetime.of(HOUR), Condition.any()));
            for (int reader = 0; reader < 2; reader++) {
                readers.execute(() -> {
                    for (int i = 0; i < 1_000_000; i++) {
                        cache.get(key).block();
                    }
                });
            }
            readers.shutdown();
            assertThat(readers.awaitTermination(1, TimeUnit.MINUTES)).isTrue();

            assertThat(cache.statistics().reads().l1Hits()).isEqualTo(2_000_000);
        }
        assertThat(told.hits.sum()).isEqualTo(2_000_000);
        assertThat(told.untimed.sum()).isZero();
    }

    /** The thread is late by less than the margin, and nobody is timed meanwhile who would look for all. */
    @Test
    void noCopyIsServedAfterItsEndThoughTheMomentIsOld() {
        FakeClock wall = FakeClock.fixed();
        try (TwoLevelCache cache = TwoLevelCache.builder(CacheSettings.defaults())
                .clock(wall)
                .ticker(nanos::get)
                .ttlJitter(ignored -> 0)
                .parts(new EngineParts() {
                    @Override
                    HitClock hitClock(Ticker ticker, LongSupplier counted) {
                        return clock;
                    }
                })
                .build()) {
            readMany(50);
            CacheKey key = newKey();
            await(cache.put(key, text("a"), Lifetime.of(HOUR), Condition.any()));
            assertThat(await(cache.get(key)).outcome()).isEqualTo(ReadOutcome.L1_HIT);
            pass(wall, HOUR.toMillis() - HitClock.MARGIN_MILLIS + 1);
            assertThat(clock.look()).isTrue();
            pass(wall, HitClock.MARGIN_MILLIS - 1);

            for (int i = 0; i < 100; i++) {
                assertThat(await(cache.get(key)).outcome()).isEqualTo(ReadOutcome.MISS);
            }
        }
    }

    private void pass(FakeClock wall, long millis) {
        wall.advance(Duration.ofMillis(millis));
        nanos.addAndGet(millis * MILLI);
    }

    private void readMany(int millis) {
        for (int milli = 0; milli < millis; milli++) {
            for (int i = 0; i < MANY_A_MILLI; i++) {
                read(7);
            }
            nanos.addAndGet(MILLI);
        }
    }

    /** Answers what it was told to have taken. */
    private long read(long took) {
        long begun = clock.begin();
        nanos.addAndGet(took);
        long end = clock.end(begun);
        nanos.addAndGet(-took);
        reads.incrementAndGet();
        return end - clock.begun(begun, end);
    }

    private static final class Told implements CacheObserver, HitObserver {
        private final LongAdder hits = new LongAdder();
        private final LongAdder untimed = new LongAdder();

        @Override
        public void onRead(CacheKey key, ReadResult result, long latencyNanos) {}

        @Override
        public HitObserver hitsOf(CacheKey key, ReadResult result) {
            return this;
        }

        @Override
        public long markOf(CacheKey key) {
            return 0;
        }

        @Override
        public boolean onHit(long mark, ReadOutcome outcome, int sizeBytes, long startNanos, long endNanos) {
            hits.increment();
            if (endNanos - startNanos <= 0) {
                untimed.increment();
            }
            return true;
        }
    }
}
