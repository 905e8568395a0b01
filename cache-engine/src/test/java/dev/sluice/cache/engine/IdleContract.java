package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.HOUR;
import static dev.sluice.cache.engine.Samples.LIFE;
import static dev.sluice.cache.engine.Samples.await;
import static dev.sluice.cache.engine.Samples.newKey;
import static dev.sluice.cache.engine.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every second level promises of entries that end when nobody reads them. */
abstract class IdleContract extends PurgeContract {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Lifetime IDLE = LIFE.withIdle(Duration.ofMinutes(20));

    private final CacheKey key = newKey();

    @Test
    void isKeptForItsIdleTimeAndAQuarter() {
        put("a", IDLE);

        SecondLevel.Fetched fetched = await(level().fetch(key));

        assertThat(fetched.lifetime()).isEqualTo(IDLE);
        assertThat(fetched.value()).isEqualTo(text("a"));
        assertThat(fetched.age()).isBetween(Duration.ZERO, MINUTE);
        assertThat(fetched.left()).isBetween(IDLE.idle(), IDLE.idleBound());
        assertThat(IDLE.idleBound()).isEqualTo(Duration.ofMinutes(25));
    }

    /** A lease is no read: it tells whether something is there and leaves it as it is. */
    @Test
    void isGoneWhenNobodyReadsIt() {
        put("a", LIFE.withIdle(Duration.ofMillis(40)));

        awaitAfter(Duration.ofMillis(50), () -> await(level().lease(key, 0, MINUTE)) instanceof Lease.Granted);

        assertThat(level().fetch(key).blockOptional()).isEmpty();
    }

    @Test
    void readsDoNotKeepItBeyondItsLife() {
        put("a", Lifetime.of(Duration.ofMillis(60)).withIdle(HOUR));
        assertThat(await(level().fetch(key)).left()).isLessThanOrEqualTo(Duration.ofMillis(60));

        awaitAfter(
                Duration.ofMillis(60), () -> level().fetch(key).blockOptional().isEmpty());
    }

    @Test
    void aTouchTellsHowLongItIsKeptAndChangesNothingElse() {
        long version = put("a", IDLE);

        assertThat(await(level().touch(key, version))).isBetween(IDLE.idle(), IDLE.idleBound());
        assertThat(await(level().touch(key, version))).isBetween(IDLE.idle(), IDLE.idleBound());

        assertThat(await(level().fetch(key)).version()).isEqualTo(version);
    }

    @Test
    void aTouchOfAnotherVersionOrOfNothingIsEmptyAndBringsNothingBack() {
        assertThat(level().touch(key, 7).blockOptional()).isEmpty();
        long version = put("a", IDLE);
        assertThat(level().touch(key, version + 1).blockOptional()).isEmpty();
        assertThat(level().touch(key, version - 1).blockOptional()).isEmpty();
        await(level().delete(key, Condition.any()));

        assertThat(level().touch(key, version).blockOptional()).isEmpty();
        assertThat(level().fetch(key).blockOptional()).isEmpty();
    }

    @Test
    void whatDoesNotEndIdleIsKeptForAllItsLife() {
        long version = put("a", LIFE);

        assertThat(await(level().touch(key, version))).isBetween(LIFE.whole().minus(MINUTE), LIFE.whole());
        assertThat(await(level().fetch(key)).left()).isBetween(LIFE.whole().minus(MINUTE), LIFE.whole());
    }

    @Test
    void anAbsenceEndsIdleToo() {
        await(level().put(key, CacheValue.absence(), IDLE, Condition.any()));

        assertThat(await(level().fetch(key)).value().isAbsence()).isTrue();
        assertThat(await(level().fetch(key)).left()).isBetween(IDLE.idle(), IDLE.idleBound());
    }

    @Test
    void tagsAndLeasesAreAsForOthers() {
        CacheValue tagged = text("a").withTags(List.of("x", "y"));
        long version = await(level().put(key, tagged, IDLE, Condition.any())).version();

        assertThat(await(level().fetch(key)).value()).isEqualTo(tagged);
        assertThat(await(level().lease(key, version, MINUTE))).isInstanceOf(Lease.Granted.class);
        assertThat(await(level().fetch(key)).left()).isBetween(IDLE.idle(), IDLE.idleBound());
        assertThat(await(level().put(key, text("b"), LIFE, Condition.version(version)))
                        .created())
                .isFalse();
    }

    private long put(String value, Lifetime lifetime) {
        return await(level().put(key, text(value), lifetime, Condition.any())).version();
    }
}
