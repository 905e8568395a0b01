package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.HOUR;
import static dev.sluice.cache.engine.Samples.LIFE;
import static dev.sluice.cache.engine.Samples.await;
import static dev.sluice.cache.engine.Samples.newKey;
import static dev.sluice.cache.engine.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cache.engine.SecondLevel.Fetched;
import dev.sluice.cache.engine.SecondLevel.Written;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What every second level promises; run by the fake and by a real Redis. */
abstract class SecondLevelContract extends FetchContract {

    private static final Duration HALF_A_MINUTE = Duration.ofSeconds(30);

    private final CacheKey key = newKey();

    @Test
    void findsNothingUnderAFreshKey() {
        assertThat(level().fetch(key).blockOptional()).isEmpty();
    }

    @Test
    void returnsWhatWasPutWithItsVersionAndLife() {
        Written written = put("a", Condition.any());

        Fetched fetched = await(level().fetch(key));

        assertThat(written.created()).isTrue();
        assertThat(fetched.value()).isEqualTo(text("a"));
        assertThat(fetched.version()).isEqualTo(written.version());
        assertThat(fetched.lifetime()).isEqualTo(LIFE);
        assertThat(fetched.age()).isBetween(Duration.ZERO, Duration.ofMinutes(1));
        assertThat(fetched.cost()).isZero();
    }

    @Test
    void keepsBytesThatAreNoText() {
        byte[] bytes = new byte[256 * 3];
        IntStream.range(0, bytes.length).forEach(i -> bytes[i] = (byte) i);
        CacheValue value = CacheValue.of(bytes, "application/octet-stream; näme=\"x\"");

        await(level().put(key, value, LIFE, Condition.any()));

        assertThat(await(level().fetch(key)).value()).isEqualTo(value);
    }

    @Test
    void keepsAnEmptyValueWithoutContentType() {
        await(level().put(key, CacheValue.of(new byte[0], ""), LIFE, Condition.any()));

        assertThat(await(level().fetch(key)).value()).isEqualTo(CacheValue.of(new byte[0], ""));
    }

    @Test
    void keepsAValueOfAMebibyte() {
        CacheValue value = CacheValue.of(new byte[1 << 20], "application/zip");

        await(level().put(key, value, LIFE, Condition.any()));

        assertThat(await(level().fetch(key)).value()).isEqualTo(value);
    }

    @Test
    void tellsApartKeysThatLookAlike() {
        List<CacheKey> keys = List.of(
                new CacheKey("t", "n", key.key() + ":a"),
                new CacheKey("t", "n" + key.key(), "a"),
                new CacheKey("t", "n", key.key() + "}"),
                new CacheKey("t", "n", "{" + key.key() + "}"),
                new CacheKey("t", "n", key.key() + "\u0000"),
                new CacheKey("t", "n", key.key() + "é"),
                new CacheKey("t", "n", key.key() + "e\u0301"));
        keys.forEach(each -> await(level().put(each, text(each.toString()), LIFE, Condition.any())));

        assertThat(keys)
                .allSatisfy(
                        each -> assertThat(await(level().fetch(each)).value()).isEqualTo(text(each.toString())));
    }

    @Test
    void versionsGrowWithEveryChange() {
        long first = put("a", Condition.any()).version();
        long second = put("a", Condition.any()).version();
        long third = await(level().delete(key, Condition.any())).version();
        long fourth = await(level().delete(key, Condition.any())).version();
        long fifth = put("b", Condition.any()).version();

        assertThat(List.of(first, second, third, fourth, fifth)).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void concurrentPutsAllGetTheirOwnVersion() {
        List<Long> versions = await(Flux.range(0, 200)
                .flatMap(i -> level().put(key, text("v" + i), LIFE, Condition.any()), 64)
                .map(Written::version)
                .collectList());

        assertThat(versions).hasSize(200).doesNotHaveDuplicates();
    }

    @Test
    void ofConcurrentPutsWhereThereIsNoneOneWins() {
        List<Boolean> won = await(Flux.range(0, 50)
                .flatMap(i -> level().put(key, text("v" + i), LIFE, Condition.absent())
                        .thenReturn(true)
                        .onErrorReturn(ConditionFailedException.class, false))
                .collectList());

        assertThat(won).containsOnlyOnce(true).hasSize(50);
    }

    @Test
    void saysWhetherAPutCreated() {
        assertThat(put("a", Condition.any()).created()).isTrue();
        assertThat(put("b", Condition.any()).created()).isFalse();
        await(level().delete(key, Condition.any()));
        assertThat(put("c", Condition.any()).created()).isTrue();
    }

    @Test
    void aDeletedEntryIsGone() {
        put("a", Condition.any());

        assertThat(await(level().delete(key, Condition.any())).existed()).isTrue();
        assertThat(level().fetch(key).blockOptional()).isEmpty();
        assertThat(await(level().delete(key, Condition.any())).existed()).isFalse();
    }

    @Test
    void anEntryEndsWithItsLife() {
        await(level().put(key, text("a"), Lifetime.of(Duration.ofMillis(40)), Condition.any()));

        awaitAfter(
                Duration.ofMillis(40), () -> level().fetch(key).blockOptional().isEmpty());

        assertThat(put("b", Condition.absent()).created()).isTrue();
    }

    @Test
    void aPutReplacesTheLifeToo() {
        await(level().put(key, text("a"), LIFE, Condition.any()));
        await(level().put(key, text("b"), Lifetime.of(Duration.ofSeconds(30)), Condition.any()));

        assertThat(await(level().fetch(key)).lifetime().whole()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void putsWhereThereIsNoneOnlyWhereThereIsNone() {
        long version = put("a", Condition.absent()).version();

        refuses(level().put(key, text("b"), LIFE, Condition.absent()), OptionalLong.of(version));

        assertThat(await(level().fetch(key)).value()).isEqualTo(text("a"));
    }

    @Test
    void putsWhereThereIsOneOnlyWhereThereIsOne() {
        refuses(level().put(key, text("a"), LIFE, Condition.present()), OptionalLong.empty());
        put("a", Condition.any());

        assertThat(put("b", Condition.present()).created()).isFalse();
    }

    @Test
    void putsOverAVersionOnlyOverThatVersion() {
        refuses(level().put(key, text("a"), LIFE, Condition.version(1)), OptionalLong.empty());
        long first = put("a", Condition.any()).version();
        long second = put("b", Condition.version(first)).version();

        refuses(level().put(key, text("c"), LIFE, Condition.version(first)), OptionalLong.of(second));

        assertThat(await(level().fetch(key)).value()).isEqualTo(text("b"));
    }

    @Test
    void deletesUnderTheSameConditions() {
        refuses(level().delete(key, Condition.present()), OptionalLong.empty());
        refuses(level().delete(key, Condition.version(7)), OptionalLong.empty());
        long version = put("a", Condition.any()).version();
        refuses(level().delete(key, Condition.absent()), OptionalLong.of(version));
        refuses(level().delete(key, Condition.version(version + 1)), OptionalLong.of(version));

        assertThat(await(level().delete(key, Condition.version(version))).version())
                .isGreaterThan(version);
    }

    @Test
    void aTombstoneIsNoEntryForAnyCondition() {
        put("a", Condition.any());
        long tombstone = await(level().delete(key, Condition.any())).version();

        refuses(level().put(key, text("b"), LIFE, Condition.present()), OptionalLong.empty());
        refuses(level().put(key, text("b"), LIFE, Condition.version(tombstone)), OptionalLong.empty());
        assertThat(put("b", Condition.absent()).version()).isGreaterThan(tombstone);
    }

    @Test
    void aSlowPutOverADeletedVersionDoesNotBringItBack() {
        long read = put("a", Condition.any()).version();
        await(level().delete(key, Condition.any()));

        refuses(level().put(key, text("made of a"), LIFE, Condition.version(read)), OptionalLong.empty());

        assertThat(level().fetch(key).blockOptional()).isEmpty();
    }

    @Test
    void nothingHappensBeforeTheSubscription() {
        Mono<Written> put = level().put(key, text("a"), LIFE, Condition.any());
        assertThat(level().fetch(key).blockOptional()).isEmpty();

        await(put);

        assertThat(await(level().fetch(key)).value()).isEqualTo(text("a"));
    }

    @Test
    void keepsAValuePastItsFreshLifeForAsLongAsItMayBeStale() {
        Lifetime lifetime = new Lifetime(Duration.ofMillis(30), Duration.ofSeconds(30), Duration.ofSeconds(40));
        await(level().put(key, text("a"), lifetime, Condition.any()));

        awaitAfter(
                Duration.ofMillis(35),
                () -> level().fetch(key)
                        .filter(fetched -> fetched.age().compareTo(lifetime.fresh()) > 0)
                        .blockOptional()
                        .isPresent());
    }

    @Test
    void forgetsAValueAfterItsStaleSpans() {
        Lifetime lifetime = new Lifetime(Duration.ofMillis(10), Duration.ofMillis(10), Duration.ofMillis(30));
        await(level().put(key, text("a"), lifetime, Condition.any()));

        awaitAfter(
                Duration.ofMillis(40), () -> level().fetch(key).blockOptional().isEmpty());
    }

    @Test
    void anAbsenceIsFoundAndIsNoEntry() {
        await(level().put(key, CacheValue.absence(), LIFE, Condition.any()));

        assertThat(await(level().fetch(key)).value().isAbsence()).isTrue();
        refuses(level().delete(key, Condition.present()), OptionalLong.empty());
        assertThat(put("a", Condition.absent()).created()).isTrue();
    }

    @Test
    void givesALeaseToOneAtATime() {
        long token = granted(0);

        assertThat(await(level().lease(key, 0, HALF_A_MINUTE))).isInstanceOf(Lease.Held.class);
        assertThat(await(level().release(key, token))).isTrue();
        assertThat(granted(0)).isGreaterThan(token);
    }

    @Test
    void aLeaseThatEndedIsGivenToAnotherAndWorthNothingAnyMore() {
        long token = ((Lease.Granted) await(level().lease(key, 0, Duration.ofMillis(20)))).token();
        AtomicLong next = new AtomicLong();
        awaitAfter(Duration.ofMillis(20), () -> {
            if (await(level().lease(key, 0, HALF_A_MINUTE)) instanceof Lease.Granted granted) {
                next.set(granted.token());
            }
            return next.get() > 0;
        });

        refuses(level().put(key, text("late"), LIFE, Condition.lease(token)), OptionalLong.empty());
        assertThat(await(level().release(key, token))).isFalse();
        assertThat(put("in time", Condition.lease(next.get())).version()).isGreaterThan(next.get());
    }

    @Test
    void aDeleteVoidsTheLeaseOfSomethingThatWasNotThere() {
        long token = granted(0);
        await(level().delete(key, Condition.any()));

        refuses(level().put(key, text("stale"), LIFE, Condition.lease(token)), OptionalLong.empty());
    }

    @Test
    void aPutVoidsTheLease() {
        long token = granted(0);
        long version = put("a", Condition.any()).version();

        refuses(level().put(key, text("stale"), LIFE, Condition.lease(token)), OptionalLong.of(version));
    }

    @Test
    void aLeaseOnAnEntryLeavesItAsItIs() {
        long version = put("a", Condition.any()).version();
        long token = granted(version);

        assertThat(await(level().fetch(key)).version()).isEqualTo(version);
        assertThat(await(level().lease(key, version, HALF_A_MINUTE))).isInstanceOf(Lease.Held.class);
        Written written = put("b", Condition.lease(token));
        assertThat(written.created()).isFalse();
        assertThat(written.version()).isGreaterThan(token);
        refuses(level().put(key, text("c"), LIFE, Condition.lease(token)), OptionalLong.of(written.version()));
    }

    @Test
    void aDeleteVoidsTheLeaseOfWhatWasThere() {
        long token = granted(put("a", Condition.any()).version());
        await(level().delete(key, Condition.any()));

        refuses(level().put(key, text("stale"), LIFE, Condition.lease(token)), OptionalLong.empty());
    }

    @Test
    void givesNoLeaseForSomethingElseThanTheAskerHasSeen() {
        long version = put("a", Condition.any()).version();

        assertThat(await(level().lease(key, 0, HALF_A_MINUTE))).isEqualTo(new Lease.Changed());
        assertThat(await(level().lease(key, version - 1, HALF_A_MINUTE))).isEqualTo(new Lease.Changed());
        await(level().delete(key, Condition.any()));
        assertThat(await(level().lease(key, version, HALF_A_MINUTE))).isInstanceOf(Lease.Granted.class);
    }

    @Test
    void knowsWhatItTookToMakeAValue() {
        long token = granted(0);
        awaitAfter(Duration.ofMillis(3), () -> true);
        put("a", Condition.lease(token));
        assertThat(await(level().fetch(key)).cost()).isBetween(Duration.ofMillis(1), Duration.ofMinutes(1));

        put("b", Condition.any());
        assertThat(await(level().fetch(key)).cost()).isZero();
    }

    private long granted(long seenVersion) {
        Lease lease = await(level().lease(key, seenVersion, HALF_A_MINUTE));
        assertThat(lease).isInstanceOf(Lease.Granted.class);
        return ((Lease.Granted) lease).token();
    }

    private Written put(String value, Condition condition) {
        return await(level().put(key, text(value), LIFE, condition));
    }

    private static void refuses(Mono<?> change, OptionalLong currentVersion) {
        assertThatThrownBy(() -> change.block(HOUR))
                .isInstanceOfSatisfying(
                        ConditionFailedException.class,
                        refusal -> assertThat(refusal.currentVersion()).isEqualTo(currentVersion));
    }
}
