package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.HOUR;
import static dev.sluice.cache.engine.Samples.await;
import static dev.sluice.cache.engine.Samples.begin;
import static dev.sluice.cache.engine.Samples.newKey;
import static dev.sluice.cache.engine.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.test.FakeClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A second level that says which keys were changed, and neither how nor by whom. */
class DoubtsTest {

    private static final LoadPatience PATIENCE = new LoadPatience(Duration.ofSeconds(5), Duration.ofSeconds(10));

    private final FakeClock clock = FakeClock.fixed();
    private final FakeSecondLevel second = new FakeSecondLevel(clock);
    private final TwoLevelCache here = node();
    private final TwoLevelCache there = node();
    private final CacheKey key = newKey();

    @BeforeEach
    void track() {
        here.doubtAll();
    }

    @AfterEach
    void close() {
        here.close();
        there.close();
    }

    @Test
    void aCopyThatIsDoubtedIsReadAgain() {
        put(there, "a");
        assertReads("a", ReadOutcome.L2_HIT);
        assertReads("a", ReadOutcome.L1_HIT);

        here.doubt(key);

        assertReads("a", ReadOutcome.L2_HIT);
        assertReads("a", ReadOutcome.L1_HIT);
    }

    @Test
    void whatWasRemovedBehindTheBackIsNotServed() {
        put(here, "a");
        second.lose(key);

        here.doubt(key);

        assertThat(await(here.get(key)).outcome()).isEqualTo(ReadOutcome.MISS);
    }

    @Test
    void aReadThatBeganBeforeADoubtIsNotKept() {
        put(there, "old");
        second.holdAnswers();
        Mono<ReadResult> read = begin(here.get(key));
        second.stopHolding();
        put(there, "new");
        here.doubt(key);

        second.releaseAll();

        await(read);
        assertReads("new", ReadOutcome.L2_HIT);
    }

    @Test
    void theEchoOfAnOwnPutLeavesItsCopy() {
        put(here, "a");

        here.doubt(key);

        assertReads("a", ReadOutcome.L1_HIT);
        assertThat(second.fetches()).isZero();
    }

    @Test
    void anEchoThatComesBeforeTheAnswerLeavesTheCopy() {
        second.holdAnswers();
        Mono<PutResult> put = begin(here.put(key, text("a"), HOUR, Condition.any()));
        second.stopHolding();
        here.doubt(key);

        second.releaseAll();

        await(put);
        assertReads("a", ReadOutcome.L1_HIT);
        assertThat(second.fetches()).isZero();
    }

    @Test
    void aChangeElsewhereThatIsTakenForAnEchoIsSeen() {
        put(here, "old");
        put(there, "new");

        here.doubt(key);

        assertReads("new", ReadOutcome.L2_HIT);
    }

    @Test
    void anOwnPutThatWasOvertakenIsNotKept() {
        second.holdAnswers();
        Mono<PutResult> slow = begin(here.put(key, text("old"), HOUR, Condition.any()));
        second.stopHolding();
        put(there, "new");
        here.doubt(key);

        second.releaseAll();

        await(slow);
        assertReads("new", ReadOutcome.L2_HIT);
    }

    @Test
    void aConfirmationThatWasOvertakenCountsForNothing() {
        put(here, "old");
        second.holdAnswers();
        here.doubt(key);
        second.stopHolding();
        put(there, "new");
        here.doubt(key);

        second.releaseAll();

        assertReads("new", ReadOutcome.L2_HIT);
    }

    @Test
    void whileNobodyConfirmsItTheCopyIsNotServed() {
        put(here, "old");
        second.holdAnswers();
        here.doubt(key);
        second.stopHolding();
        put(there, "new");

        assertReads("new", ReadOutcome.L2_HIT);

        second.releaseAll();
        assertReads("new", ReadOutcome.L1_HIT);
    }

    @Test
    void twoOwnPutsWithTheirEchoesLeaveTheLatter() {
        put(here, "a");
        put(here, "b");
        second.holdAnswers();
        here.doubt(key);
        here.doubt(key);

        second.releaseAll();

        assertReads("b", ReadOutcome.L1_HIT);
    }

    @Test
    void noMoreThanSoManyAreAskedAboutAtOnce() {
        List<CacheKey> keys = Stream.generate(Samples::newKey).limit(300).toList();
        keys.forEach(each -> await(here.put(each, text("a"), HOUR, Condition.any())));
        second.holdAnswers();
        int before = second.calls();

        keys.forEach(here::doubt);

        assertThat(second.calls() - before).isEqualTo(256);
        second.releaseAll();
        assertThat(keys)
                .allSatisfy(each -> assertThat(await(here.get(each)).entry()).isPresent());
    }

    @Test
    void whenEverythingIsDoubtedNothingIsServedNorKept() {
        put(there, "old");
        second.holdAnswers();
        Mono<ReadResult> read = begin(here.get(key));
        second.stopHolding();
        put(there, "new");
        here.doubtAll();
        second.releaseAll();
        await(read);
        assertReads("new", ReadOutcome.L2_HIT);
        assertReads("new", ReadOutcome.L1_HIT);

        here.doubtAll();

        assertReads("new", ReadOutcome.L2_HIT);
    }

    @Test
    void theEchoOfALeaseDoesNotSendReadersToAnotherLoad() {
        Sinks.One<Loader.Loaded> origin = Sinks.one();
        Loader loader = (ignored, stale) -> origin.asMono();
        Mono<ReadResult> first = begin(here.get(key, loader, PATIENCE));
        here.doubt(key);
        int before = second.calls();
        Mono<ReadResult> another = begin(here.get(key, loader, PATIENCE));
        assertThat(second.calls() - before)
                .as("it looks, and asks for no lease")
                .isEqualTo(1);

        origin.tryEmitValue(new Loader.Loaded(text("made"), Samples.LIFE));

        assertThat(await(first).entry().orElseThrow().value()).isEqualTo(text("made"));
        assertThat(await(another).entry().orElseThrow().value()).isEqualTo(text("made"));
    }

    @Test
    void theEchoOfALeaseDoesNotTakeTheStaleValueFromWhoeverFindsTheOriginBroken() {
        Lifetime stale = Lifetime.of(Duration.ofSeconds(1)).withStaleIfError(HOUR);
        await(here.put(key, text("old"), stale, Condition.any()));
        clock.advance(Duration.ofSeconds(2));
        Sinks.One<Loader.Loaded> origin = Sinks.one();
        Mono<ReadResult> read = begin(here.get(key, (ignored, old) -> origin.asMono(), PATIENCE));

        here.doubt(key);
        origin.tryEmitError(new IllegalStateException("broken"));

        assertThat(await(read).outcome()).isEqualTo(ReadOutcome.STALE);
        assertThat(await(read).entry().orElseThrow().value()).isEqualTo(text("old"));
    }

    /** Each read in the second level puts off the end, and is told of to all nodes. */
    @Test
    void aCopyOfWhatEndsIdleIsAskedAboutWheneverItIsDoubted() {
        await(there.put(key, text("a"), Samples.LIFE.withIdle(Duration.ofMinutes(1)), Condition.any()));
        assertReads("a", ReadOutcome.L2_HIT);
        int before = second.fetches();
        for (int i = 0; i < 3; i++) {
            here.doubt(key);
            assertReads("a", ReadOutcome.L1_HIT);
        }
        assertThat(second.fetches()).isEqualTo(before);
    }

    @Test
    void whatEndsIdleIsKeptThoughItsOwnReadWasToldOfBeforeItsAnswer() {
        await(there.put(key, text("a"), Samples.LIFE.withIdle(Duration.ofMinutes(1)), Condition.any()));
        second.holdAnswers();
        Mono<ReadResult> read = begin(here.get(key));
        second.stopHolding();
        here.doubt(key);

        second.releaseAll();

        await(read);
        assertReads("a", ReadOutcome.L1_HIT);
    }

    @Test
    void theEchoOfAnOwnLeaseLeavesTheCopy() {
        Lifetime stale = Lifetime.of(Duration.ofSeconds(1)).withStaleWhileRevalidate(HOUR);
        await(there.put(key, text("old"), stale, Condition.any()));
        assertReads("old", ReadOutcome.L2_HIT);
        clock.advance(Duration.ofSeconds(2));
        int before = second.fetches();
        assertThat(await(here.getOrLease(key)).lease()).isPresent();

        here.doubt(key);

        assertReads("old", ReadOutcome.STALE);
        assertThat(second.fetches()).isEqualTo(before);
    }

    /** Keys share counters. */
    @Test
    void anOwnPutThatWasToldOfAnotherKeyFirstOutlivesItsOwnEcho() {
        try (TwoLevelCache node = node(new FillGuard(1))) {
            node.doubtAll();
            second.holdAnswers();
            Mono<PutResult> put = begin(node.put(key, text("a"), HOUR, Condition.any()));
            second.stopHolding();
            node.doubt(newKey());
            second.releaseAll();
            await(put);

            node.doubt(key);

            assertThat(await(node.get(key)).outcome()).isEqualTo(ReadOutcome.L1_HIT);
        }
    }

    /** Two threads: what one confirms the other must not drop on the way, since nobody would ask about it again. */
    @Test
    void anAnswerThatComesInTheMidstOfItsEchoLeavesTheCopy() throws InterruptedException {
        Thread answering = new Thread(second::releaseAll);
        AtomicBoolean raised = new AtomicBoolean();
        FillGuard guard = new FillGuard(16) {
            @Override
            void voidTokens(CacheKey voided) {
                super.voidTokens(voided);
                if (raised.compareAndSet(true, false)) {
                    answering.start();
                    Awaitility.await()
                            .pollDelay(Duration.ZERO)
                            .until(() -> !answering.isAlive() || answering.getState() == Thread.State.BLOCKED);
                }
            }
        };
        try (TwoLevelCache node = node(guard)) {
            node.doubtAll();
            second.holdAnswers();
            Mono<PutResult> put = begin(node.put(key, text("a"), HOUR, Condition.any()));
            second.stopHolding();
            raised.set(true);

            node.doubt(key);

            answering.join();
            await(put);
            assertThat(await(node.get(key)).outcome()).isEqualTo(ReadOutcome.L1_HIT);
        }
    }

    private TwoLevelCache node(FillGuard guard) {
        return TwoLevelCache.builder(CacheSettings.defaults())
                .secondLevel(second)
                .clock(clock)
                .parts(new EngineParts() {
                    @Override
                    FirstLevel firstLevel(FirstLevel.Setup setup) {
                        return super.firstLevel(setup.with(guard));
                    }
                })
                .build();
    }

    private TwoLevelCache node() {
        return TwoLevelCache.builder(CacheSettings.defaults())
                .secondLevel(second)
                .clock(clock)
                .build();
    }

    private void put(TwoLevelCache node, String value) {
        await(node.put(key, text(value), HOUR, Condition.any()));
    }

    private void assertReads(String value, ReadOutcome outcome) {
        ReadResult result = await(here.get(key));
        assertThat(result.entry().map(CacheEntry::value)).contains(text(value));
        assertThat(result.outcome()).isEqualTo(outcome);
    }
}
