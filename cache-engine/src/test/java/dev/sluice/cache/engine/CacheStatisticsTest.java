package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.HOUR;
import static dev.sluice.cache.engine.Samples.await;
import static dev.sluice.cache.engine.Samples.begin;
import static dev.sluice.cache.engine.Samples.newKey;
import static dev.sluice.cache.engine.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cache.engine.CacheStatistics.Changes;
import dev.sluice.cache.engine.CacheStatistics.Leases;
import dev.sluice.cache.engine.CacheStatistics.Reads;
import dev.sluice.cache.engine.CacheStatistics.SecondLevelState;
import dev.sluice.cache.engine.FakeSecondLevel.Mood;
import dev.sluice.platform.test.FakeClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** What a cache says of itself. */
class CacheStatisticsTest {

    private final FakeClock clock = FakeClock.fixed();
    private final FakeSecondLevel second = new FakeSecondLevel(clock);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Map<ReadOutcome, Long> observed = new EnumMap<>(ReadOutcome.class);
    private final CacheKey key = newKey();

    @Test
    void beginsWithNothing() {
        CacheStatistics nothing = cache(1_000_000).statistics();

        assertThat(nothing.since()).isEqualTo(clock.instant());
        assertThat(nothing.reads()).isEqualTo(new Reads(0, 0, 0, 0, 0, 0));
        assertThat(nothing.reads().hitRate()).isEmpty();
        assertThat(nothing.firstLevel().maxWeight()).isEqualTo(1_000_000);
        assertThat(nothing.firstLevel().open()).isTrue();
        assertThat(nothing.secondLevel()).isEqualTo(SecondLevelState.ASKED);
        assertThat(TwoLevelCache.builder(CacheSettings.defaults())
                        .build()
                        .statistics()
                        .secondLevel())
                .isEqualTo(SecondLevelState.NONE);
    }

    /** Whatever is done: each read is counted once, as its observer was told, and by its meter alike. */
    @RepeatedTest(20)
    void countsEachReadOnce(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        TwoLevelCache cache = cache(1_000_000);
        List<CacheKey> keys = Stream.generate(Samples::newKey).limit(4).toList();
        Lifetime lifetime = new Lifetime(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ZERO);
        for (int step = 0; step < 300; step++) {
            CacheKey any = keys.get(random.nextInt(keys.size()));
            switch (random.nextInt(7)) {
                case 0 -> begin(cache.put(any, text("a"), lifetime, Condition.any()));
                case 1 -> begin(cache.put(any, CacheValue.absence(), lifetime, Condition.any()));
                case 2 -> cache.invalidate(any, Long.MAX_VALUE);
                case 3 -> await(cache.getOrLease(any));
                case 4 -> clock.advance(Duration.ofMillis(random.nextInt(1500)));
                case 5 -> second.become(random.nextInt(4) == 0 ? Mood.FAILING : Mood.WELL);
                default -> await(cache.get(any));
            }
        }

        Reads reads = cache.statistics().reads();
        assertThat(reads)
                .isEqualTo(new Reads(
                        told(ReadOutcome.L1_HIT),
                        told(ReadOutcome.L2_HIT),
                        told(ReadOutcome.STALE),
                        told(ReadOutcome.MISS),
                        told(ReadOutcome.NEGATIVE),
                        told(ReadOutcome.ERROR)));
        double hits = (double) (reads.all() - reads.misses() - reads.errors());
        assertThat(reads.hitRate()).hasValue(hits / reads.all());
        assertThat(reads.firstLevelHitRate()).hasValue((double) reads.l1Hits() / reads.all());
        assertThat(meters.get("sluice.cache.engine.reads")
                        .tag("outcome", "negative")
                        .functionCounter()
                        .count())
                .isEqualTo((double) reads.negative());
    }

    @Test
    void tellsHowChangesEnded() {
        TwoLevelCache cache = cache(1_000_000);
        await(cache.put(key, text("a"), HOUR, Condition.any()));
        begin(cache.put(key, text("b"), HOUR, Condition.absent()));
        begin(cache.put(key, text("b"), Duration.ofDays(90), Condition.absent()));
        second.become(Mood.FAILING);
        begin(cache.delete(key, Condition.any()));

        assertThat(cache.statistics().puts()).isEqualTo(new Changes(1, 1, 0, 0, 1));
        assertThat(cache.statistics().deletes()).isEqualTo(new Changes(0, 0, 1, 0, 0));
    }

    @Test
    void tellsHowLeasesWereAnswered() {
        TwoLevelCache cache = cache(1_000_000);
        await(cache.getOrLease(key));
        await(cache.getOrLease(key));

        assertThat(cache.statistics().leases()).isEqualTo(new Leases(1, 1, 0));
    }

    @Test
    void tellsWhatLeftTheFirstLevelAndWhy() {
        TwoLevelCache small = cache(20_000);
        CacheValue value = CacheValue.of(new byte[1_000], "");
        for (int i = 0; i < 100; i++) {
            await(small.put(newKey(), value, HOUR, Condition.any()));
        }
        CacheStatistics.FirstLevelUse full = small.statistics().firstLevel();
        assertThat(full.evictedForSize().count() + full.entries()).isEqualTo(100);
        assertThat(full.evictedForSize().weight())
                .isGreaterThan(full.evictedForSize().count() * 1_000);
        assertThat(full.weight()).isBetween(1L, 20_000L);
        assertThat(full.expired().count()).isZero();

        clock.advance(HOUR.multipliedBy(2));
        CacheKey key = newKey();
        for (int i = 0; i < 100; i++) {
            clock.advance(Duration.ofSeconds(1));
            await(small.put(key, value, HOUR, Condition.any()));
        }

        assertThat(small.statistics().firstLevel().expired().count()).isEqualTo(full.entries());
        assertThat(small.statistics().firstLevel().entries()).isEqualTo(1);
    }

    @Test
    void countsCopiesThatWerePurged() {
        TwoLevelCache cache = cache(1_000_000);
        await(cache.put(key, text("a"), HOUR, Condition.any()));
        clock.advance(Duration.ofSeconds(1));
        await(cache.purge(new Purge(key.tenant(), key.namespace(), List.of(PurgeScope.wholeNamespace()), false)));
        clock.advance(Duration.ofSeconds(1));

        assertThat(await(cache.get(key))).isEqualTo(ReadResult.MISS);
        assertThat(cache.statistics().purged()).isEqualTo(1);
    }

    @Test
    void tellsWhetherItsLevelsAreAsked() {
        TwoLevelCache cache = cache(1_000_000);
        cache.suspendFirstLevel();
        second.become(Mood.FAILING);
        for (int i = 0; i < CacheSettings.defaults().breakerFailures(); i++) {
            await(cache.get(newKey()));
        }

        assertThat(cache.statistics().firstLevel().open()).isFalse();
        assertThat(cache.statistics().secondLevel()).isEqualTo(SecondLevelState.LEFT_ALONE);
    }

    private long told(ReadOutcome outcome) {
        return observed.getOrDefault(outcome, 0L);
    }

    private TwoLevelCache cache(long maxBytes) {
        return TwoLevelCache.builder(CacheSettings.defaults()
                        .withFirstLevelMaxBytes(maxBytes)
                        .withEarlyRefresh(0))
                .secondLevel(second)
                .clock(clock)
                .meters(meters)
                .observer((read, result, latencyNanos) -> observed.merge(result.outcome(), 1L, Long::sum))
                .build();
    }
}
