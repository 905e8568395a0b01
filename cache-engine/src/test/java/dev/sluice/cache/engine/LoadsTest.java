package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.await;
import static dev.sluice.cache.engine.Samples.begin;
import static dev.sluice.cache.engine.Samples.newKey;
import static dev.sluice.cache.engine.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cache.engine.FakeSecondLevel.Mood;
import dev.sluice.cache.engine.Loader.Loaded;
import dev.sluice.platform.test.FakeClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Two nodes whose readers make what is missing, on virtual time. */
class LoadsTest {

    private static final Lifetime LIFETIME =
            new Lifetime(Duration.ofSeconds(10), Duration.ofSeconds(5), Duration.ofSeconds(60));
    private static final LoadPatience PATIENCE = new LoadPatience(Duration.ofMillis(200), Duration.ofSeconds(5));

    private final FakeClock clock = FakeClock.fixed();
    private final FakeSecondLevel second = new FakeSecondLevel(clock);
    private final VirtualTimeScheduler scheduler = VirtualTimeScheduler.create();
    private final ConcurrentLinkedQueue<CacheEntry> loaded = new ConcurrentLinkedQueue<>();
    private final TwoLevelCache here = node();
    private final TwoLevelCache there = node();
    private final CacheKey key = newKey();

    private final AtomicInteger calls = new AtomicInteger();
    private final List<Sinks.One<Loaded>> pending = new ArrayList<>();
    private final Loader slow = (ignored, stale) -> {
        calls.incrementAndGet();
        Sinks.One<Loaded> sink = Sinks.one();
        pending.add(sink);
        return sink.asMono();
    };

    @Test
    void aThousandMissesOnTwoNodesAskTheOriginOnce() {
        List<Mono<ReadResult>> reads = IntStream.range(0, 500)
                .boxed()
                .flatMap(i -> Stream.of(here, there))
                .map(node -> begin(node.get(key, slow, PATIENCE)))
                .toList();

        answer(0, "a");
        pass(Duration.ofMillis(50));

        assertThat(reads).allSatisfy(read -> assertThat(valueOf(await(read))).isEqualTo(text("a")));
        assertThat(calls).hasValue(1);
        assertThat(loaded).hasSize(1);
    }

    @Test
    void whatIsMadeIsKeptAndReadByAll() {
        Mono<ReadResult> read = begin(here.get(key, slow, PATIENCE));
        answer(0, "a");

        assertThat(await(read).outcome()).isEqualTo(ReadOutcome.MISS);
        assertThat(await(here.get(key)).outcome()).isEqualTo(ReadOutcome.L1_HIT);
        assertThat(await(there.get(key, slow, PATIENCE)).outcome()).isEqualTo(ReadOutcome.L2_HIT);
        assertThat(calls).hasValue(1);
    }

    @Test
    void whatIsForThoseAloneWhoWaitIsNotKept() {
        Mono<ReadResult> read = begin(here.get(key, slow, PATIENCE));
        Mono<ReadResult> beside = begin(here.get(key, slow, PATIENCE));
        pending.get(0).tryEmitValue(Loaded.forThisRead(text("now")));

        assertThat(valueOf(await(read))).isEqualTo(text("now"));
        assertThat(valueOf(await(beside))).isEqualTo(text("now"));
        assertThat(await(here.get(key))).isEqualTo(ReadResult.MISS);
        assertThat(loaded).isEmpty();
        // Its lease is given back: nobody need wait for it.
        begin(there.get(key, slow, PATIENCE));
        assertThat(calls).hasValue(2);
    }

    @Test
    void whatWasDeletedMeanwhileIsNotKept() {
        Mono<ReadResult> read = begin(here.get(key, slow, PATIENCE));
        await(there.delete(key, Condition.any()));
        answer(0, "stale");

        assertThat(valueOf(await(read))).isEqualTo(text("stale"));
        assertThat(await(here.get(key))).isEqualTo(ReadResult.MISS);
        assertThat(second.fetch(key).blockOptional()).isEmpty();
    }

    /** The value may have been read at the origin before the purge, however late it is put. */
    @Test
    void whatWasPurgedMeanwhileIsNotServedAfterwards() {
        Mono<ReadResult> read = begin(here.get(key, slow, PATIENCE));
        clock.advance(Duration.ofMillis(5));
        purge(there, false);
        clock.advance(Duration.ofMillis(5));
        answer(0, "old");

        assertThat(valueOf(await(read))).isEqualTo(text("old"));
        assertThat(await(here.get(key))).isEqualTo(ReadResult.MISS);
        assertThat(await(there.get(key))).isEqualTo(ReadResult.MISS);
    }

    @Test
    void aReadAfterAPurgeDoesNotWaitForALoadFromBefore() {
        begin(here.get(key, slow, PATIENCE));
        clock.advance(Duration.ofMillis(5));
        purge(there, false);
        clock.advance(Duration.ofMillis(5));
        Mono<ReadResult> late = begin(here.get(key, slow, PATIENCE));
        answer(0, "old");
        pass(Duration.ofMillis(20));
        answer(1, "new");

        assertThat(valueOf(await(late))).isEqualTo(text("new"));
        assertThat(valueOf(await(there.get(key)))).isEqualTo(text("new"));
    }

    @Test
    void whatWasPurgedIsNoCoverForAnError() {
        put(here, "old");
        clock.advance(Duration.ofSeconds(20));
        Mono<ReadResult> read = begin(here.get(key, slow, PATIENCE));
        purge(there, false);
        pending.get(0).tryEmitError(new IllegalStateException("origin is down"));
        pending.get(1).tryEmitError(new IllegalStateException("origin is down"));

        assertThatThrownBy(() -> await(read)).isInstanceOf(LoadFailedException.class);
    }

    @Test
    void whatWasPurgedSoftlyIsServedWhileOneMakesItAnew() {
        put(here, "old");
        clock.advance(Duration.ofSeconds(1));
        purge(there, true);
        clock.advance(Duration.ofSeconds(1));

        ReadResult stale = await(here.get(key, slow, PATIENCE));
        assertThat(stale.outcome()).isEqualTo(ReadOutcome.STALE);
        assertThat(valueOf(stale)).isEqualTo(text("old"));
        answer(0, "new");
        assertThat(valueOf(await(here.get(key, slow, PATIENCE)))).isEqualTo(text("new"));
        assertThat(calls).hasValue(1);
    }

    private void put(TwoLevelCache node, String value) {
        await(node.put(key, text(value), LIFETIME, Condition.any()));
    }

    /** Both nodes hear of it. */
    private void purge(TwoLevelCache node, boolean soft) {
        Purge purge = new Purge(key.tenant(), key.namespace(), List.of(PurgeScope.wholeNamespace()), soft);
        await(node.purge(purge)).forEach(epoch -> {
            here.purged(epoch);
            there.purged(epoch);
        });
    }

    @Test
    void aReadAfterAnInvalidationDoesNotWaitForALoadFromBefore() {
        begin(here.get(key, slow, PATIENCE));
        here.invalidate(key, await(there.delete(key, Condition.any())).version());
        Mono<ReadResult> late = begin(here.get(key, slow, PATIENCE));
        answer(0, "old");
        answer(1, "new");

        assertThat(valueOf(await(late))).isEqualTo(text("new"));
    }

    @Test
    void aFailedLoadLetsAnotherTryAtOnce() {
        Mono<ReadResult> failed = begin(here.get(key, slow, PATIENCE));
        Mono<ReadResult> other = begin(there.get(key, slow, PATIENCE));
        pending.get(0).tryEmitError(new IllegalStateException("origin is down"));
        assertThatThrownBy(() -> await(failed)).isInstanceOf(LoadFailedException.class);

        pass(Duration.ofMillis(20));
        answer(1, "a");

        assertThat(valueOf(await(other))).isEqualTo(text("a"));
    }

    @Test
    void aLoadThatTakesTooLongHasFailed() {
        Mono<ReadResult> read = begin(here.get(key, slow, PATIENCE));
        pass(Duration.ofSeconds(5));

        assertThatThrownBy(() -> await(read)).isInstanceOf(LoadFailedException.class);
        assertThat(await(there.getOrLease(key)).lease()).containsInstanceOf(Lease.Granted.class);
    }

    @Test
    void staleIsAnsweredAtOnceWhileOneMakesItAnew() {
        load("old");
        clock.advance(Duration.ofSeconds(12));

        assertThat(await(here.get(key, slow, PATIENCE)).outcome()).isEqualTo(ReadOutcome.STALE);
        assertThat(await(there.get(key, slow, PATIENCE)).outcome()).isEqualTo(ReadOutcome.STALE);
        assertThat(calls).hasValue(2);
        answer(1, "new");

        assertThat(valueOf(await(here.get(key)))).isEqualTo(text("new"));
    }

    @Test
    void anErrorIsCoveredByWhatIsStale() {
        load("old");
        clock.advance(Duration.ofSeconds(20));
        Mono<ReadResult> read = begin(here.get(key, slow, PATIENCE));
        pending.get(1).tryEmitError(new IllegalStateException("origin is down"));

        assertThat(await(read).outcome()).isEqualTo(ReadOutcome.STALE);
        assertThat(valueOf(await(read))).isEqualTo(text("old"));
        assertThat(await(here.get(key))).isEqualTo(ReadResult.MISS);
        assertThat(await(here.get(key, StaleReads.AFTER_ERROR)).outcome()).isEqualTo(ReadOutcome.STALE);
    }

    @Test
    void afterTheSoftPatienceStaleIsAnsweredAndTheLoadGoesOn() {
        load("old");
        clock.advance(Duration.ofSeconds(20));
        Mono<ReadResult> read = begin(here.get(key, slow, PATIENCE));
        pass(Duration.ofMillis(200));
        assertThat(await(read).outcome()).isEqualTo(ReadOutcome.STALE);

        answer(1, "new");

        assertThat(valueOf(await(here.get(key)))).isEqualTo(text("new"));
    }

    /** Or an acknowledged delete would be undone for as long as a load may take. */
    @Test
    void whatWasDeletedMeanwhileCoversNoError() {
        load("old");
        clock.advance(Duration.ofSeconds(20));
        Mono<ReadResult> read = begin(here.get(key, slow, PATIENCE));
        here.invalidate(key, await(there.delete(key, Condition.any())).version());
        pending.get(1).tryEmitError(new IllegalStateException("origin is down"));
        pending.get(2).tryEmitError(new IllegalStateException("origin is still down"));

        assertThatThrownBy(() -> await(read)).isInstanceOf(LoadFailedException.class);
    }

    @Test
    void whatTheOriginDoesNotHaveIsRemembered() {
        Mono<ReadResult> first = begin(here.get(key, slow, PATIENCE));
        pending.get(0).tryEmitValue(new Loaded(CacheValue.absence(), LIFETIME));

        assertThat(await(first)).isEqualTo(ReadResult.MISS);
        assertThat(await(here.get(key, slow, PATIENCE))).isEqualTo(ReadResult.NEGATIVE);
        assertThat(await(there.get(key))).isEqualTo(ReadResult.NEGATIVE);
        assertThat(calls).hasValue(1);
    }

    @Test
    void withoutTheSecondLevelAReaderIsStillAnswered() {
        second.become(Mood.FAILING);
        Mono<ReadResult> one = begin(here.get(key, slow, PATIENCE));
        Mono<ReadResult> two = begin(here.get(key, slow, PATIENCE));
        answer(0, "a");

        assertThat(valueOf(await(one))).isEqualTo(text("a"));
        assertThat(valueOf(await(two))).isEqualTo(text("a"));
        assertThat(calls).hasValue(1);
        assertThat(await(here.get(key))).isEqualTo(ReadResult.ERROR);
    }

    @Test
    void aValueThatWasSlowToMakeIsMadeAnewBeforeItEnds() {
        begin(here.get(key, slow, PATIENCE));
        clock.advance(Duration.ofSeconds(2));
        answer(0, "a");
        clock.advance(Duration.ofMillis(9_900));
        for (int i = 0; i < 50 && calls.get() == 1; i++) {
            assertThat(await(here.get(key, slow, PATIENCE)).outcome()).isEqualTo(ReadOutcome.L1_HIT);
        }
        answer(1, "b");

        assertThat(valueOf(await(here.get(key)))).isEqualTo(text("b"));
    }

    private void load(String value) {
        begin(here.get(key, slow, PATIENCE));
        answer(pending.size() - 1, value);
        await(there.get(key));
    }

    private void answer(int call, String value) {
        pending.get(call).tryEmitValue(new Loaded(text(value), LIFETIME));
    }

    private void pass(Duration time) {
        clock.advance(time);
        scheduler.advanceTimeBy(time);
    }

    private static CacheValue valueOf(ReadResult result) {
        return result.entry().orElseThrow().value();
    }

    private TwoLevelCache node() {
        return TwoLevelCache.builder(CacheSettings.defaults().withLeaseLife(Duration.ofSeconds(30)))
                .secondLevel(second)
                .clock(clock)
                .scheduler(scheduler)
                .random(new Random(7))
                .observer(new CacheObserver() {
                    @Override
                    public void onRead(CacheKey read, ReadResult result, long latencyNanos) {}

                    @Override
                    public void onLoaded(CacheKey changed, PutResult result) {
                        loaded.add(result.entry());
                    }
                })
                .build();
    }
}
