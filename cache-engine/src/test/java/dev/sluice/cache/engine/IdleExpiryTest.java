package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.HOUR;
import static dev.sluice.cache.engine.Samples.await;
import static dev.sluice.cache.engine.Samples.newKey;
import static dev.sluice.cache.engine.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.cache.engine.FakeSecondLevel.Mood;
import dev.sluice.platform.test.FakeClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What reads of a copy on a node do to an entry that ends idle. */
class IdleExpiryTest {

    private static final Duration IDLE = Duration.ofSeconds(100);
    private static final Lifetime LIFETIME = Lifetime.of(HOUR).withIdle(IDLE);

    private final FakeClock clock = FakeClock.fixed();
    private final FakeSecondLevel second = new FakeSecondLevel(clock);
    private final TwoLevelCache here = node();
    private final TwoLevelCache there = node();
    private final CacheKey key = newKey();

    @Test
    void theSecondLevelIsToldAFewTimesInAnIdleTime() {
        put(LIFETIME);
        int calls = second.calls();
        for (int i = 0; i < 1_000; i++) {
            assertThat(await(here.get(key)).outcome()).isEqualTo(ReadOutcome.L1_HIT);
            clock.advance(Duration.ofSeconds(1));
        }

        assertThat(second.calls() - calls).isBetween(30, 40);
        assertThat(second.fetches()).isZero();
        assertThat(here.statistics().touched()).isEqualTo(second.touches());
    }

    @Test
    void whileOneReadIsToldOthersAreNot() {
        put(LIFETIME);
        clock.advance(Duration.ofSeconds(60));
        second.holdTouches();
        for (int i = 0; i < 100; i++) {
            assertThat(await(here.get(key)).outcome()).isEqualTo(ReadOutcome.L1_HIT);
        }
        assertThat(second.touches()).isEqualTo(1);
        second.releaseAll();
        await(here.get(key));

        assertThat(second.touches()).isEqualTo(1);
    }

    @Test
    void readsOfACopyKeepTheEntryForOtherNodes() {
        put(LIFETIME);
        for (int i = 0; i < 10; i++) {
            clock.advance(Duration.ofSeconds(60));
            assertThat(await(here.get(key)).outcome()).isEqualTo(ReadOutcome.L1_HIT);
        }

        assertThat(await(there.get(key)).outcome()).isEqualTo(ReadOutcome.L2_HIT);
    }

    @Test
    void readsDoNotProlongItsLife() {
        put(Lifetime.of(Duration.ofSeconds(150)).withIdle(IDLE));
        clock.advance(Duration.ofSeconds(90));
        assertThat(await(here.get(key)).outcome()).isEqualTo(ReadOutcome.L1_HIT);
        clock.advance(Duration.ofSeconds(59));
        assertThat(await(here.get(key)).outcome()).isEqualTo(ReadOutcome.L1_HIT);
        clock.advance(Duration.ofSeconds(1));

        assertThat(await(here.get(key))).isEqualTo(ReadResult.MISS);
    }

    /** An invalidation that this node has not heard of yet: the touch finds it out. */
    @Test
    void aTouchThatFindsAnotherVersionDropsTheCopy() {
        put(LIFETIME);
        await(there.put(key, text("new"), LIFETIME, Condition.any()));
        clock.advance(Duration.ofSeconds(60));
        await(here.get(key));

        assertThat(await(here.get(key)).entry().orElseThrow().value()).isEqualTo(text("new"));
    }

    @Test
    void aTouchThatFailedIsTriedAgainBeforeTheEnd() {
        put(LIFETIME);
        clock.advance(Duration.ofSeconds(60));
        second.become(Mood.FAILING);
        assertThat(await(here.get(key)).outcome()).isEqualTo(ReadOutcome.L1_HIT);
        second.become(Mood.WELL);
        clock.advance(Duration.ofSeconds(30));
        assertThat(await(here.get(key)).outcome()).isEqualTo(ReadOutcome.L1_HIT);
        clock.advance(Duration.ofSeconds(99));

        assertThat(await(here.get(key)).outcome()).isEqualTo(ReadOutcome.L1_HIT);
    }

    @Test
    void withoutTheSecondLevelACopyEndsWhenItMayBeGoneThere() {
        put(LIFETIME);
        second.become(Mood.FAILING);
        clock.advance(Duration.ofSeconds(124));
        assertThat(await(here.get(key)).outcome()).isEqualTo(ReadOutcome.L1_HIT);
        clock.advance(Duration.ofSeconds(1));

        assertThat(await(here.get(key))).isEqualTo(ReadResult.ERROR);
    }

    @Test
    void whatIsPurgedSoftlyStillEndsIdle() {
        put(new Lifetime(HOUR, HOUR, Duration.ZERO, IDLE));
        clock.advance(Duration.ofSeconds(1));
        await(here.purge(new Purge(key.tenant(), key.namespace(), List.of(PurgeScope.wholeNamespace()), true)));
        assertThat(await(here.get(key)).outcome()).isEqualTo(ReadOutcome.STALE);
        clock.advance(Duration.ofSeconds(125));

        assertThat(await(here.get(key))).isEqualTo(ReadResult.MISS);
    }

    @Test
    void readsThatWouldMakeTheValueCountToo() {
        put(LIFETIME);
        for (int i = 0; i < 4; i++) {
            clock.advance(Duration.ofSeconds(90));
            assertThat(await(here.getOrLease(key)).result().outcome()).isEqualTo(ReadOutcome.L1_HIT);
        }
        assertThat(await(there.get(key)).outcome()).isEqualTo(ReadOutcome.L2_HIT);
    }

    @Test
    void copiesThatEndIdleLeaveTheFirstLevel() {
        TwoLevelCache alone =
                TwoLevelCache.builder(CacheSettings.defaults()).clock(clock).build();
        for (int i = 0; i < 50; i++) {
            await(alone.put(newKey(), text("a"), LIFETIME, Condition.any()));
        }
        await(alone.put(key, text("a"), LIFETIME, Condition.any()));
        for (int i = 0; i < 5; i++) {
            clock.advance(Duration.ofSeconds(60));
            assertThat(await(alone.get(key)).outcome()).isEqualTo(ReadOutcome.L1_HIT);
        }
        CacheKey other = newKey();
        for (int i = 0; i < 50; i++) {
            clock.advance(Duration.ofSeconds(1));
            await(alone.put(other, text("a"), LIFETIME, Condition.any()));
        }

        assertThat(alone.statistics().firstLevel().entries()).isEqualTo(2);
        assertThat(alone.statistics().firstLevel().expired().count()).isEqualTo(50);
    }

    @Test
    void anIdleTimeIsNoneOrAMillisecond() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LIFETIME.withIdle(Duration.ofNanos(5)))
                .withMessage("idle must be zero or at least 1 ms");
        assertThat(LIFETIME.withFresh(IDLE).idle()).isEqualTo(IDLE);
        assertThat(LIFETIME.withStaleIfError(IDLE)
                        .withStaleWhileRevalidate(IDLE)
                        .idle())
                .isEqualTo(IDLE);
    }

    private void put(Lifetime lifetime) {
        await(here.put(key, text("old"), lifetime, Condition.any()));
    }

    private TwoLevelCache node() {
        return TwoLevelCache.builder(CacheSettings.defaults())
                .secondLevel(second)
                .clock(clock)
                .build();
    }
}
