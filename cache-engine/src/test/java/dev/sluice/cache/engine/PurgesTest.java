package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.await;
import static dev.sluice.cache.engine.Samples.begin;
import static dev.sluice.cache.engine.Samples.newKey;
import static dev.sluice.cache.engine.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.test.FakeClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Two nodes of which one purges, step by step. */
class PurgesTest {

    private static final Lifetime LIFETIME =
            new Lifetime(Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ZERO);

    private final FakeClock clock = FakeClock.fixed();
    private final FakeSecondLevel second = new FakeSecondLevel(clock);
    private final TwoLevelCache here = node();
    private final TwoLevelCache there = node();
    private final CacheKey key = newKey();

    @Test
    void aCopyIsServedUntilItsNodeIsTold() {
        put("a");
        assertThat(await(there.get(key)).outcome()).isEqualTo(ReadOutcome.L2_HIT);
        List<Epoch> epochs = purge(false);

        assertThat(await(here.get(key))).isEqualTo(ReadResult.MISS);
        assertThat(await(there.get(key)).outcome()).isEqualTo(ReadOutcome.L1_HIT);
        epochs.forEach(there::purged);
        assertThat(await(there.get(key))).isEqualTo(ReadResult.MISS);
    }

    @Test
    void whatIsReadFromTheSecondLevelIsJudgedThoughNobodyTold() {
        put("a");
        purge(false);

        assertThat(await(there.get(key))).isEqualTo(ReadResult.MISS);
        assertThat(there.epochs()).hasSize(1);
    }

    @Test
    void whoFindsAPurgedEntryIsGivenTheLease() {
        put("a");
        purge(false);

        assertThat(await(there.getOrLease(key)).lease().orElseThrow()).isInstanceOf(Lease.Granted.class);
    }

    /** It has read the old value and would keep it when nobody remembers that it was purged. */
    @Test
    void aFetchUnderWayWhileAPurgeIsForgottenIsAskedAgain() {
        put("a");
        second.holdAnswers();
        Mono<ReadResult> read = begin(there.get(key));
        second.stopHolding();
        sweep(purge(false));
        second.releaseAll();

        assertThat(await(read)).isEqualTo(ReadResult.MISS);
        assertThat(await(there.get(key))).isEqualTo(ReadResult.MISS);
    }

    @Test
    void noCopyComesBackWhenAPurgeIsForgotten() {
        put("a");
        await(there.get(key));
        sweep(purge(false));

        assertThat(await(here.get(key))).isEqualTo(ReadResult.MISS);
        assertThat(await(there.get(key))).isEqualTo(ReadResult.MISS);
        assertThat(there.epochs()).isEmpty();
    }

    @Test
    void whatIsGoneDoesNotComeBackAsStale() {
        put("a");
        purge(false).forEach(there::purged);
        purge(true).forEach(there::purged);

        assertThat(await(there.get(key))).isEqualTo(ReadResult.MISS);
    }

    @Test
    void hitsAreServedAsTheyWereOnceTheyHaveBeenJudged() {
        put("a");
        await(there.purge(new Purge(key.tenant(), "another", List.of(PurgeScope.wholeNamespace()), false)));
        await(there.get(key));

        assertThat(await(there.get(key))).isSameAs(await(there.get(key)));
    }

    @Test
    void whatWasPurgedIsNotThereForAConditionThoughNobodyHasReadIt() {
        put("a");
        purge(false);
        assertThat(await(here.put(key, text("b"), LIFETIME, Condition.absent())).created())
                .isTrue();
        purge(false);
        assertThat(await(here.delete(key, Condition.any())).existed()).isFalse();
    }

    private void sweep(List<Epoch> epochs) {
        Epochs known = new Epochs();
        epochs.forEach(known::add);
        epochs.forEach(there::purged);
        second.carryOut(known);
        second.forgetPurges();
        epochs.forEach(here::swept);
        epochs.forEach(there::swept);
    }

    private List<Epoch> purge(boolean soft) {
        clock.advance(Duration.ofMillis(5));
        List<PurgeScope> scopes = List.of(PurgeScope.wholeNamespace());
        List<Epoch> epochs = await(here.purge(new Purge(key.tenant(), key.namespace(), scopes, soft)));
        clock.advance(Duration.ofMillis(5));
        return epochs;
    }

    private void put(String value) {
        await(here.put(key, text(value), LIFETIME, Condition.any()));
    }

    private TwoLevelCache node() {
        return TwoLevelCache.builder(CacheSettings.defaults())
                .secondLevel(second)
                .clock(clock)
                .build();
    }
}
