package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.HOUR;
import static dev.sluice.cache.engine.Samples.await;
import static dev.sluice.cache.engine.Samples.begin;
import static dev.sluice.cache.engine.Samples.newKey;
import static dev.sluice.cache.engine.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.test.FakeClock;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Readers who know of a version that their node may not have heard of. */
class MinVersionTest {

    private final FakeClock clock = FakeClock.fixed();
    private final FakeSecondLevel second = new FakeSecondLevel(clock);
    private final TwoLevelCache here = node();
    private final TwoLevelCache there = node();
    private final CacheKey key = newKey();

    @Test
    void aCopyThatIsNewEnoughIsAnswered() {
        long version = put(here, "a");

        assertThat(read(version).outcome()).isEqualTo(ReadOutcome.L1_HIT);
    }

    @Test
    void anOlderCopyIsPassedOverAndReplaced() {
        put(here, "old");
        long version = put(there, "new");

        assertThat(read(version).entry().orElseThrow().value()).isEqualTo(text("new"));
        assertThat(await(here.get(key)).entry().orElseThrow().value()).isEqualTo(text("new"));
    }

    @Test
    void doesNotWaitForWhoAskedBefore() {
        put(there, "old");
        second.holdAnswers();
        Mono<ReadResult> early = begin(here.get(key));
        second.stopHolding();
        long version = put(there, "new");

        assertThat(read(version).entry().orElseThrow().value()).isEqualTo(text("new"));

        second.releaseAll();
        assertThat(await(early).entry().orElseThrow().value()).isEqualTo(text("old"));
        assertThat(await(here.get(key)).entry().orElseThrow().value()).isEqualTo(text("new"));
    }

    @Test
    void whereEverythingIsOlderThereIsNothing() {
        long version = put(here, "a");

        assertThat(read(version + 1)).isEqualTo(ReadResult.MISS);
    }

    @Test
    void whatIsTooOldMayBeMadeAnew() {
        long version = put(here, "a");

        LeasedRead read = await(here.getOrLease(key, version + 1));

        assertThat(read.result()).isEqualTo(ReadResult.MISS);
        assertThat(read.lease()).get().isInstanceOf(Lease.Granted.class);
        assertThat(await(here.getOrLease(key, version)).lease()).isEmpty();
    }

    @Test
    void aNodeAloneHasNothingNewer() {
        TwoLevelCache alone =
                TwoLevelCache.builder(CacheSettings.defaults()).clock(clock).build();
        long version = put(alone, "a");

        assertThat(await(alone.get(key, StaleReads.WHILE_REVALIDATING, version)).outcome())
                .isEqualTo(ReadOutcome.L1_HIT);
        assertThat(await(alone.get(key, StaleReads.WHILE_REVALIDATING, version + 1)))
                .isEqualTo(ReadResult.MISS);
    }

    private ReadResult read(long minVersion) {
        return await(here.get(key, StaleReads.WHILE_REVALIDATING, minVersion));
    }

    private long put(TwoLevelCache node, String value) {
        return await(node.put(key, text(value), HOUR, Condition.any())).entry().version();
    }

    private TwoLevelCache node() {
        return TwoLevelCache.builder(CacheSettings.defaults())
                .secondLevel(second)
                .clock(clock)
                .build();
    }
}
