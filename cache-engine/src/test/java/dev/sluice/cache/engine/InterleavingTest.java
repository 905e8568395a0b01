package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.HOUR;
import static dev.sluice.cache.engine.Samples.await;
import static dev.sluice.cache.engine.Samples.begin;
import static dev.sluice.cache.engine.Samples.newKey;
import static dev.sluice.cache.engine.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.test.FakeClock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** The races for which the guards are there, one by one; each test fails without its guard. */
class InterleavingTest {

    private final FakeClock clock = FakeClock.fixed();
    private final FakeSecondLevel second = new FakeSecondLevel(clock);
    private final TwoLevelCache here = node();
    private final TwoLevelCache there = node();
    private final CacheKey key = newKey();

    @AfterEach
    void close() {
        here.close();
        there.close();
    }

    @Test
    void aReadThatBeganBeforeAnInvalidationIsNotKept() {
        put(there, "old");
        second.holdAnswers();
        Mono<ReadResult> read = begin(here.get(key));
        second.stopHolding();
        here.invalidate(key, put(there, "new"));

        second.releaseAll();

        assertThat(await(read).outcome()).isEqualTo(ReadOutcome.L2_HIT);
        assertReads(here, "new", ReadOutcome.L2_HIT);
    }

    @Test
    void aReadThatBeganBeforeADeleteElsewhereIsNotKept() {
        put(there, "old");
        second.holdAnswers();
        Mono<ReadResult> read = begin(here.get(key));
        second.stopHolding();
        here.invalidate(key, await(there.delete(key, Condition.any())).version());

        second.releaseAll();

        assertThat(await(read).outcome()).isEqualTo(ReadOutcome.L2_HIT);
        assertThat(await(here.get(key)).outcome()).isEqualTo(ReadOutcome.MISS);
    }

    @Test
    void aReadThatBeganBeforeAnOwnDeleteIsNotKept() {
        put(there, "old");
        second.holdAnswers();
        Mono<ReadResult> read = begin(here.get(key));
        second.stopHolding();
        await(here.delete(key, Condition.any()));

        second.releaseAll();

        await(read);
        assertThat(await(here.get(key)).outcome()).isEqualTo(ReadOutcome.MISS);
    }

    @Test
    void aReadThatBeganBeforeAClearIsNotKept() {
        put(there, "old");
        second.holdAnswers();
        Mono<ReadResult> read = begin(here.get(key));
        second.stopHolding();
        here.suspendFirstLevel();
        put(there, "new");
        here.resumeFirstLevel();

        second.releaseAll();

        await(read);
        assertReads(here, "new", ReadOutcome.L2_HIT);
    }

    @Test
    void aReadAfterAnInvalidationDoesNotJoinOneFromBefore() {
        put(there, "old");
        second.holdAnswers();
        Mono<ReadResult> early = begin(here.get(key));
        second.stopHolding();
        here.invalidate(key, put(there, "new"));

        assertReads(here, "new", ReadOutcome.L2_HIT);

        second.releaseAll();
        assertThat(await(early).entry().orElseThrow().value()).isEqualTo(text("old"));
        assertReads(here, "new", ReadOutcome.L1_HIT);
    }

    @Test
    void aPutWhoseAnswerIsSlowerThanTheNextInvalidationIsNotKept() {
        second.holdAnswers();
        Mono<PutResult> slow = begin(here.put(key, text("old"), HOUR, Condition.any()));
        second.stopHolding();
        here.invalidate(key, put(there, "new"));

        second.releaseAll();

        await(slow);
        assertReads(here, "new", ReadOutcome.L2_HIT);
    }

    @Test
    void aPutWhoseAnswerIsSlowerThanADeleteIsNotKept() {
        second.holdAnswers();
        Mono<PutResult> slow = begin(here.put(key, text("old"), HOUR, Condition.any()));
        second.stopHolding();
        await(here.delete(key, Condition.any()));

        second.releaseAll();

        await(slow);
        assertThat(await(here.get(key)).outcome()).isEqualTo(ReadOutcome.MISS);
    }

    @Test
    void ofTwoPutsAnsweredInTheOtherOrderTheNewerIsServed() {
        second.holdAnswers();
        Mono<PutResult> older = begin(here.put(key, text("old"), HOUR, Condition.any()));
        second.stopHolding();
        put(here, "new");

        second.releaseAll();

        await(older);
        assertReads(here, "new", ReadOutcome.L1_HIT);
    }

    @Test
    void aReadThatBeganBeforeAnOwnPutIsNotKeptEvenWhenThePutIsGoneAgain() {
        put(there, "old");
        second.holdAnswers();
        Mono<ReadResult> read = begin(here.get(key));
        second.stopHolding();
        await(here.put(key, text("short"), Duration.ofMillis(5), Condition.any()));
        clock.advance(Duration.ofMillis(5));

        second.releaseAll();

        await(read);
        assertThat(await(here.get(key)).outcome()).isEqualTo(ReadOutcome.MISS);
    }

    @Test
    void aCallerWhoLeavesDoesNotLeaveAnOldCopyBehind() {
        put(here, "old");
        second.holdAnswers();
        here.put(key, text("new"), HOUR, Condition.any()).subscribe().dispose();

        second.releaseAll();

        assertReads(here, "new", ReadOutcome.L1_HIT);
    }

    @Test
    void invalidationsMayComeTwiceAndInAnyOrder() {
        put(there, "a");
        long older = put(there, "b");
        long newer = put(there, "c");
        assertReads(here, "c", ReadOutcome.L2_HIT);

        here.invalidate(key, newer);
        here.invalidate(key, older);
        here.invalidate(key, newer);

        assertReads(here, "c", ReadOutcome.L1_HIT);
    }

    @Test
    void anInvalidationByTheNodesOwnPutKeepsItsCopy() {
        here.invalidate(key, put(here, "a"));

        assertReads(here, "a", ReadOutcome.L1_HIT);
    }

    @Test
    void aRefusedConditionTellsThatTheCopyIsOld() {
        put(here, "old");
        put(there, "new");

        here.put(key, text("x"), HOUR, Condition.absent())
                .onErrorComplete(ConditionFailedException.class)
                .block();

        assertReads(here, "new", ReadOutcome.L2_HIT);
    }

    private TwoLevelCache node() {
        return TwoLevelCache.builder(CacheSettings.defaults())
                .secondLevel(second)
                .clock(clock)
                .build();
    }

    private long put(TwoLevelCache node, String value) {
        return await(node.put(key, text(value), HOUR, Condition.any())).entry().version();
    }

    private void assertReads(TwoLevelCache node, String value, ReadOutcome outcome) {
        ReadResult result = await(node.get(key));
        assertThat(result.entry().map(CacheEntry::value)).contains(text(value));
        assertThat(result.outcome()).isEqualTo(outcome);
    }
}
