package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.await;
import static dev.sluice.cache.engine.Samples.newKey;
import static dev.sluice.cache.engine.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cache.engine.FakeSecondLevel.Mood;
import dev.sluice.platform.test.FakeClock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Readers who would make a value themselves, with and without a second level. */
class LeasedReadsTest {

    private static final Lifetime LIFETIME =
            new Lifetime(Duration.ofSeconds(10), Duration.ofSeconds(5), Duration.ofSeconds(60));

    /** Which levels there are. */
    enum Kind {
        ALONE,
        LAYERED
    }

    private final FakeClock clock = FakeClock.fixed();
    private final FakeSecondLevel second = new FakeSecondLevel(clock);
    private final CacheKey key = newKey();

    @ParameterizedTest
    @EnumSource
    void ofThoseWhoMissOneIsToMakeIt(Kind kind) {
        TwoLevelCache cache = cache(kind);
        LeasedRead first = await(cache.getOrLease(key));
        LeasedRead next = await(cache.getOrLease(key));

        assertThat(first.result()).isEqualTo(ReadResult.MISS);
        assertThat(next.result()).isEqualTo(ReadResult.MISS);
        assertThat(next.lease()).contains(new Lease.Held(Duration.ofSeconds(10)));
        await(cache.put(key, text("a"), LIFETIME, Condition.lease(token(first))));
        assertThat(await(cache.getOrLease(key)).lease()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aDeleteVoidsTheLease(Kind kind) {
        TwoLevelCache cache = cache(kind);
        long token = token(await(cache.getOrLease(key)));
        await(cache.delete(key, Condition.any()));

        assertThatThrownBy(() -> await(cache.put(key, text("stale"), LIFETIME, Condition.lease(token))))
                .isInstanceOf(ConditionFailedException.class);
        assertThat(await(cache.get(key))).isEqualTo(ReadResult.MISS);
    }

    @ParameterizedTest
    @EnumSource
    void ofThoseWhoReadSomethingStaleOneIsToMakeItAnew(Kind kind) {
        TwoLevelCache cache = cache(kind);
        await(cache.put(key, text("old"), LIFETIME, Condition.any()));
        clock.advance(Duration.ofSeconds(11));
        LeasedRead first = await(cache.getOrLease(key));
        LeasedRead next = await(cache.getOrLease(key));

        assertThat(first.result().outcome()).isEqualTo(ReadOutcome.STALE);
        assertThat(next.result().outcome()).isEqualTo(ReadOutcome.STALE);
        assertThat(next.lease()).containsInstanceOf(Lease.Held.class);
        await(cache.put(key, text("new"), LIFETIME, Condition.lease(token(first))));
        assertThat(await(cache.getOrLease(key)).result().entry().map(CacheEntry::value))
                .isEqualTo(Optional.of(text("new")));
    }

    @ParameterizedTest
    @EnumSource
    void whatIsKeptForErrorsAloneIsAMiss(Kind kind) {
        TwoLevelCache cache = cache(kind);
        await(cache.put(key, text("old"), LIFETIME, Condition.any()));
        clock.advance(Duration.ofSeconds(16));

        LeasedRead read = await(cache.getOrLease(key));

        assertThat(read.result()).isEqualTo(ReadResult.MISS);
        assertThat(read.lease()).containsInstanceOf(Lease.Granted.class);
        assertThat(await(cache.get(key, StaleReads.AFTER_ERROR)).outcome()).isEqualTo(ReadOutcome.STALE);
        clock.advance(Duration.ofSeconds(54));
        assertThat(await(cache.get(key, StaleReads.AFTER_ERROR))).isEqualTo(ReadResult.MISS);
    }

    @ParameterizedTest
    @EnumSource
    void aLeaseMayBeGivenBackOnce(Kind kind) {
        TwoLevelCache cache = cache(kind);
        long token = token(await(cache.getOrLease(key)));

        assertThat(await(cache.release(key, token))).isTrue();

        assertThat(await(cache.getOrLease(key)).lease()).containsInstanceOf(Lease.Granted.class);
        assertThat(await(cache.release(key, token))).isFalse();
    }

    /** A node that has not heard of a change yet asks with an old version. */
    @Test
    void aReaderWithAnOldCopyIsAnsweredWithWhatIsNewInstead() {
        TwoLevelCache here = cache(Kind.LAYERED);
        TwoLevelCache there = cache(Kind.LAYERED);
        await(here.put(key, text("old"), LIFETIME, Condition.any()));
        clock.advance(Duration.ofSeconds(11));
        await(there.put(key, text("new"), LIFETIME, Condition.any()));

        LeasedRead read = await(here.getOrLease(key));

        assertThat(read.lease()).isEmpty();
        assertThat(read.result().entry().map(CacheEntry::value)).isEqualTo(Optional.of(text("new")));
    }

    @Test
    void withoutTheSecondLevelThereIsNoLease() {
        TwoLevelCache cache = cache(Kind.LAYERED);
        await(cache.put(key, text("old"), LIFETIME, Condition.any()));
        clock.advance(Duration.ofSeconds(11));
        second.become(Mood.FAILING);

        assertThat(await(cache.getOrLease(key)).result().outcome()).isEqualTo(ReadOutcome.STALE);
        assertThat(await(cache.getOrLease(newKey()))).isEqualTo(LeasedRead.without(ReadResult.ERROR));
    }

    private static long token(LeasedRead read) {
        return ((Lease.Granted) read.lease().orElseThrow()).token();
    }

    private TwoLevelCache cache(Kind kind) {
        TwoLevelCacheBuilder builder =
                TwoLevelCache.builder(CacheSettings.defaults()).clock(clock);
        return (kind == Kind.LAYERED ? builder.secondLevel(second) : builder).build();
    }
}
