package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.HOUR;
import static dev.sluice.cache.engine.Samples.await;
import static dev.sluice.cache.engine.Samples.begin;
import static dev.sluice.cache.engine.Samples.newKey;
import static dev.sluice.cache.engine.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cache.engine.FakeSecondLevel.Mood;
import dev.sluice.platform.test.FakeClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A second level that fails, is silent or comes back, on virtual time. */
class OutageTest {

    private static final CacheSettings SETTINGS = CacheSettings.defaults().withBreaker(3, Duration.ofSeconds(1));

    private final FakeClock clock = FakeClock.fixed();
    private final FakeSecondLevel second = new FakeSecondLevel(clock);
    private final VirtualTimeScheduler scheduler = VirtualTimeScheduler.create();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final TwoLevelCache cache = TwoLevelCache.builder(SETTINGS)
            .secondLevel(second)
            .clock(clock)
            .scheduler(scheduler)
            .meters(meters)
            .build();
    private final CacheKey key = newKey();

    @Test
    void hitsOnThisNodeGoOnAndOtherReadsEndInAnError() {
        put("a");
        second.become(Mood.FAILING);

        assertThat(await(cache.get(key)).outcome()).isEqualTo(ReadOutcome.L1_HIT);
        assertThat(await(cache.get(newKey()))).isEqualTo(ReadResult.ERROR);
    }

    @Test
    void aSilentSecondLevelIsWaitedForNoLongerThanTheDeadline() {
        second.become(Mood.SILENT);
        Mono<ReadResult> read = begin(cache.get(key));

        scheduler.advanceTimeBy(Duration.ofMillis(250));

        assertThat(await(read)).isEqualTo(ReadResult.ERROR);
    }

    @Test
    void aChangeWithoutAnswerFailsAndMayHaveHappened() {
        second.become(Mood.MUTE);
        Mono<PutResult> put = begin(cache.put(key, text("a"), HOUR, Condition.any()));
        scheduler.advanceTimeBy(Duration.ofMillis(250));

        assertThatThrownBy(() -> await(put))
                .isInstanceOfSatisfying(
                        SecondLevelUnavailableException.class,
                        e -> assertThat(e.mayHaveHappened()).isTrue());
    }

    @Test
    void aChangeThatMayHaveHappenedLeavesNoOldCopyBehind() {
        put("old");
        second.become(Mood.MUTE);
        begin(cache.put(key, text("new"), HOUR, Condition.any()));
        scheduler.advanceTimeBy(Duration.ofMillis(250));
        second.become(Mood.WELL);

        ReadResult read = await(cache.get(key));

        assertThat(read.entry().orElseThrow().value()).isEqualTo(text("new"));
    }

    @Test
    void anOpenBreakerAsksNothingAndChangesAreCertainlyNotMade() {
        open();
        int calls = second.calls();

        assertThat(await(cache.get(key))).isEqualTo(ReadResult.ERROR);
        assertThatThrownBy(() -> await(cache.delete(key, Condition.any())))
                .isInstanceOfSatisfying(
                        SecondLevelUnavailableException.class,
                        e -> assertThat(e.mayHaveHappened()).isFalse());
        assertThat(second.calls()).isEqualTo(calls);
        assertThat(breakerGauge()).isEqualTo(2);
    }

    @Test
    void aChangeThatWasNotAskedForKeepsTheCopy() {
        put("a");
        open();
        begin(cache.put(key, text("b"), HOUR, Condition.any()));

        assertThat(await(cache.get(key)).outcome()).isEqualTo(ReadOutcome.L1_HIT);
    }

    @Test
    void oneCallIsLetThroughAfterThePauseAndEndsTheOutage() {
        open();
        second.become(Mood.WELL);
        assertThat(await(cache.get(key))).isEqualTo(ReadResult.ERROR);

        clock.advance(Duration.ofSeconds(1));

        assertThat(await(cache.get(key))).isEqualTo(ReadResult.MISS);
        assertThat(breakerGauge()).isZero();
    }

    @Test
    void theCallThatIsLetThroughMayFail() {
        open();
        clock.advance(Duration.ofSeconds(1));
        int calls = second.calls();

        await(cache.get(key));
        await(cache.get(key));

        assertThat(second.calls()).isEqualTo(calls + 1);
        assertThat(breakerGauge()).isEqualTo(2);
    }

    @Test
    void afterAnOutageNoCopyFromBeforeIsServed() {
        put("old");
        open();
        second.loseEverything();
        second.become(Mood.WELL);
        clock.advance(Duration.ofSeconds(1));
        assertThat(await(cache.get(key)).outcome()).isEqualTo(ReadOutcome.L1_HIT);

        await(cache.get(newKey()));

        assertThat(await(cache.get(key)).outcome()).isEqualTo(ReadOutcome.MISS);
    }

    /** Or old copies would be served until somebody asks for what this node does not have. */
    @Test
    void theEndOfAnOutageIsFoundThoughNobodyAsks() {
        put("old");
        open();
        pass(Duration.ofSeconds(1));
        assertThat(breakerGauge()).isEqualTo(2);
        second.loseEverything();
        second.become(Mood.WELL);

        pass(Duration.ofSeconds(1));

        assertThat(breakerGauge()).isZero();
        assertThat(await(cache.get(key)).outcome()).isEqualTo(ReadOutcome.MISS);
    }

    @Test
    void aClosedCacheAsksNothingAnyMore() {
        open();
        cache.close();
        int calls = second.calls();

        pass(Duration.ofMinutes(1));

        assertThat(second.calls()).isEqualTo(calls);
    }

    @Test
    void aRefusedConditionIsAnAnswerAndOpensNothing() {
        put("a");
        for (int i = 0; i < 10; i++) {
            begin(cache.put(key, text("b"), HOUR, Condition.absent()));
        }

        assertThat(breakerGauge()).isZero();
    }

    @Test
    void aRefusedConditionEndsAnOutageToo() {
        open();
        second.become(Mood.WELL);
        clock.advance(Duration.ofSeconds(1));

        begin(cache.put(key, text("b"), HOUR, Condition.present()));

        assertThat(breakerGauge()).isZero();
    }

    @Test
    void suspendedAndCutOffThereIsNothingToAnswerFrom() {
        put("a");
        cache.suspendFirstLevel();
        second.become(Mood.FAILING);

        assertThat(await(cache.get(key))).isEqualTo(ReadResult.ERROR);
    }

    private void pass(Duration time) {
        clock.advance(time);
        scheduler.advanceTimeBy(time);
    }

    private void open() {
        second.become(Mood.FAILING);
        for (int i = 0; i < 3; i++) {
            await(cache.get(newKey()));
        }
    }

    private void put(String value) {
        await(cache.put(key, text(value), HOUR, Condition.any()));
    }

    private double breakerGauge() {
        return meters.get("sluice.cache.second.level.breaker").gauge().value();
    }
}
