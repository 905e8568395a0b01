package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.HOUR;
import static dev.sluice.cache.engine.Samples.LIFE;
import static dev.sluice.cache.engine.Samples.await;
import static dev.sluice.cache.engine.Samples.newKey;
import static dev.sluice.cache.engine.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.cache.engine.FakeSecondLevel.Mood;
import dev.sluice.platform.test.FakeClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Values that a node keeps alone, from the first call without an answer to the next that has one. */
class LonePutsTest {

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final FakeClock clock = FakeClock.fixed();
    private final FakeSecondLevel second = new FakeSecondLevel(clock);
    private final VirtualTimeScheduler scheduler = VirtualTimeScheduler.create();
    private final List<DeleteResult> removed = new ArrayList<>();
    private final TwoLevelCache cache = TwoLevelCache.builder(
                    CacheSettings.defaults().withBreaker(3, PAUSE))
            .secondLevel(second)
            .clock(clock)
            .scheduler(scheduler)
            .observer(new CacheObserver() {
                @Override
                public void onRead(CacheKey read, ReadResult result, long latencyNanos) {}

                @Override
                public void onRemoved(CacheKey key, DeleteResult result) {
                    removed.add(result);
                }
            })
            .build();
    private final CacheKey key = newKey();

    @Test
    void theFirstPutOfAnOutageIsKept() {
        put("old");
        pass(Duration.ofMillis(1));
        second.become(Mood.FAILING);
        refused();

        keepHere("new");

        assertThat(read()).contains(text("new"));
    }

    @Test
    void whileTheSecondLevelAnswersNothingIsKept() {
        assertThatThrownBy(() -> cache.renounce(key)).isInstanceOf(SecondLevelUnavailableException.class);
        assertThatThrownBy(() -> await(cache.putHere(key, text("a"), LIFE)))
                .isInstanceOf(SecondLevelUnavailableException.class);
        assertThat(read()).isEmpty();
    }

    @Test
    void itMayAnswerAgainWhileTheEpochIsAnnounced() {
        second.become(Mood.FAILING);
        refused();
        Epoch _ = cache.renounce(key);
        second.become(Mood.WELL);
        await(cache.get(newKey()));

        assertThatThrownBy(() -> await(cache.putHere(key, text("a"), LIFE)))
                .isInstanceOf(SecondLevelUnavailableException.class);

        assertThat(read()).isEmpty();
    }

    /** Other nodes would not find it, so it must not stay here until its end. */
    @Test
    void whatWasKeptGoesWithTheFirstAnswer() {
        second.become(Mood.FAILING);
        refused();
        keepHere("a");
        second.become(Mood.WELL);
        assertThat(read()).contains(text("a"));

        await(cache.get(newKey()));

        assertThat(read()).isEmpty();
    }

    @Test
    void whatWasKeptGoesAlsoWhenNobodyAsks() {
        second.become(Mood.FAILING);
        refused();
        keepHere("a");
        pass(PAUSE);
        assertThat(read()).contains(text("a"));
        second.become(Mood.WELL);

        pass(PAUSE);

        assertThat(read()).isEmpty();
    }

    @Test
    void aPutThatIsMadeLateIsNotFoundBehindANewerOne() {
        second.become(Mood.FAILING);
        refused();
        keepHere("late");
        keepHere("new");
        second.become(Mood.WELL);
        madeLate();

        pass(PAUSE);

        assertThat(read()).isEmpty();
        assertThat(second.fetch(key).blockOptional()).isEmpty();
        assertThat(removed).extracting(DeleteResult::existed).containsExactly(true);
    }

    @Test
    void norByTheFirstWhoLooksPastTheNodesOwnCopy() {
        second.become(Mood.FAILING);
        refused();
        long kept = keepHere("new").entry().version();
        second.become(Mood.WELL);
        madeLate();

        assertThat(await(cache.get(key, StaleReads.WHILE_REVALIDATING, kept + 1))
                        .entry())
                .isEmpty();

        assertThat(read()).isEmpty();
    }

    @Test
    void norAfterAnOutageThatOpenedTheBreaker() {
        second.become(Mood.FAILING);
        refused();
        refused();
        refused();
        keepHere("new");
        second.become(Mood.WELL);
        madeLate();

        pass(PAUSE);

        assertThat(read()).isEmpty();
        assertThat(second.fetch(key).blockOptional()).isEmpty();
    }

    /** What comes after the outage is not taken for what was made in it. */
    @Test
    void aPutAfterTheOutageStays() {
        second.become(Mood.FAILING);
        refused();
        keepHere("kept");
        second.become(Mood.WELL);

        put("after");
        pass(PAUSE);
        pass(PAUSE);

        assertThat(read()).contains(text("after"));
        assertThat(await(second.fetch(key)).value()).isEqualTo(text("after"));
    }

    @Test
    void aRemovalThatHadNoAnswerIsMadeAgain() {
        second.become(Mood.FAILING);
        refused();
        keepHere("kept");
        pass(PAUSE);
        pass(PAUSE);
        pass(PAUSE);
        second.become(Mood.WELL);
        madeLate();

        pass(PAUSE);

        assertThat(second.fetch(key).blockOptional()).isEmpty();
        assertThat(removed).hasSize(1);
    }

    @Test
    void aClosedCacheRemovesNothingAnyMore() {
        second.become(Mood.FAILING);
        refused();
        keepHere("kept");
        cache.close();
        pass(PAUSE);
        int calls = second.calls();

        pass(Duration.ofMinutes(1));

        assertThat(second.calls()).isEqualTo(calls);
    }

    /** What had no answer when it was asked for. */
    private void madeLate() {
        pass(Duration.ofMillis(1));
        await(second.put(key, text("late"), LIFE, Condition.any()));
    }

    @CanIgnoreReturnValue
    private PutResult keepHere(String value) {
        Epoch _ = cache.renounce(key);
        return await(cache.putHere(key, text(value), LIFE));
    }

    private void refused() {
        assertThatThrownBy(() -> put("refused")).isInstanceOf(SecondLevelUnavailableException.class);
    }

    private void put(String value) {
        await(cache.put(key, text(value), HOUR, Condition.any()));
    }

    private Optional<CacheValue> read() {
        return await(cache.get(key)).entry().map(CacheEntry::value);
    }

    private void pass(Duration time) {
        clock.advance(time);
        scheduler.advanceTimeBy(time);
    }
}
