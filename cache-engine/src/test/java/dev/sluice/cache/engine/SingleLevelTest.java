package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.HOUR;
import static dev.sluice.cache.engine.Samples.await;
import static dev.sluice.cache.engine.Samples.newKey;
import static dev.sluice.cache.engine.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.platform.test.FakeClock;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The first level alone keeps the promises of both. */
class SingleLevelTest {

    private final FakeClock clock = FakeClock.fixed();
    private final TwoLevelCache cache =
            TwoLevelCache.builder(CacheSettings.defaults()).clock(clock).build();
    private final CacheKey key = newKey();

    @Test
    void answersWhatWasPutUntilItsEnd() {
        assertThat(await(cache.get(key))).isEqualTo(ReadResult.MISS);
        PutResult put = put("a");
        assertThat(put.created()).isTrue();
        assertThat(await(cache.get(key))).isEqualTo(ReadResult.of(ReadOutcome.L1_HIT, put.entry()));

        clock.advance(HOUR);

        assertThat(await(cache.get(key))).isEqualTo(ReadResult.MISS);
        assertThat(put("b").created()).isTrue();
    }

    @Test
    void versionsGrowEvenWhenTheClockGoesBack() {
        long first = put("a").entry().version();
        clock.advance(Duration.ofDays(-1));
        long second = await(cache.delete(key, Condition.any())).version();
        long third = put("b").entry().version();

        assertThat(List.of(first, second, third)).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void checksConditions() {
        refuses(Condition.present(), OptionalLong.empty());
        refuses(Condition.version(3), OptionalLong.empty());
        long version = put("a").entry().version();
        refuses(Condition.absent(), OptionalLong.of(version));
        refuses(Condition.version(version + 1), OptionalLong.of(version));

        assertThat(await(cache.put(key, text("b"), HOUR, Condition.version(version)))
                        .created())
                .isFalse();
        assertThatThrownBy(() -> await(cache.delete(key, Condition.version(version))))
                .isInstanceOf(ConditionFailedException.class);
    }

    @Test
    void anInvalidationRemovesOlderCopiesAndNoNewerOnes() {
        long version = put("a").entry().version();
        cache.invalidate(key, version);
        assertThat(await(cache.get(key)).outcome()).isEqualTo(ReadOutcome.L1_HIT);

        cache.invalidate(key, version + 1_000_000);
        assertThat(await(cache.get(key)).outcome()).isEqualTo(ReadOutcome.MISS);

        put("b");
        cache.invalidate(key, version + 1_000_000);
        assertThat(await(cache.get(key)).outcome()).isEqualTo(ReadOutcome.L1_HIT);
    }

    @Test
    void anInvalidationWithoutKnownVersionDropsTheCopyAndSpoilsNoLaterVersion() {
        long first = put("a").entry().version();
        cache.invalidate(key, Long.MAX_VALUE);
        assertThat(await(cache.get(key)).outcome()).isEqualTo(ReadOutcome.MISS);

        assertThat(put("b").entry().version()).isGreaterThan(first);
    }

    @Test
    void isNeverSuspendedForThereIsNothingElseToAsk() {
        put("a");
        cache.suspendFirstLevel();
        assertThat(await(cache.get(key)).outcome()).isEqualTo(ReadOutcome.L1_HIT);

        cache.resumeFirstLevel();

        assertThat(await(cache.get(key)).outcome()).isEqualTo(ReadOutcome.L1_HIT);
    }

    private PutResult put(String value) {
        return await(cache.put(key, text(value), HOUR, Condition.any()));
    }

    private void refuses(Condition condition, OptionalLong currentVersion) {
        assertThatThrownBy(() -> await(cache.put(key, text("x"), HOUR, condition)))
                .isInstanceOfSatisfying(
                        ConditionFailedException.class,
                        e -> assertThat(e.currentVersion()).isEqualTo(currentVersion));
    }
}
