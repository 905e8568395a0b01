package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.HOUR;
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
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What every second level promises; run by the fake and by a real Redis. */
abstract class SecondLevelContract {

    private final CacheKey key = newKey();

    abstract SecondLevel level();

    /** Lets at least so much time pass, and waits for the condition. */
    abstract void awaitAfter(Duration time, Callable<Boolean> condition);

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
        assertThat(fetched.age().plus(fetched.remaining())).isEqualTo(HOUR);
        assertThat(fetched.remaining()).isBetween(Duration.ofMinutes(59), HOUR);
    }

    @Test
    void keepsBytesThatAreNoText() {
        byte[] bytes = new byte[256 * 3];
        IntStream.range(0, bytes.length).forEach(i -> bytes[i] = (byte) i);
        CacheValue value = CacheValue.of(bytes, "application/octet-stream; näme=\"x\"");

        await(level().put(key, value, HOUR, Condition.any()));

        assertThat(await(level().fetch(key)).value()).isEqualTo(value);
    }

    @Test
    void keepsAnEmptyValueWithoutContentType() {
        await(level().put(key, CacheValue.of(new byte[0], ""), HOUR, Condition.any()));

        assertThat(await(level().fetch(key)).value()).isEqualTo(CacheValue.of(new byte[0], ""));
    }

    @Test
    void keepsAValueOfAMebibyte() {
        CacheValue value = CacheValue.of(new byte[1 << 20], "application/zip");

        await(level().put(key, value, HOUR, Condition.any()));

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
        keys.forEach(each -> await(level().put(each, text(each.toString()), HOUR, Condition.any())));

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
                .flatMap(i -> level().put(key, text("v" + i), HOUR, Condition.any()), 64)
                .map(Written::version)
                .collectList());

        assertThat(versions).hasSize(200).doesNotHaveDuplicates();
    }

    @Test
    void ofConcurrentPutsWhereThereIsNoneOneWins() {
        List<Boolean> won = await(Flux.range(0, 50)
                .flatMap(i -> level().put(key, text("v" + i), HOUR, Condition.absent())
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
        await(level().put(key, text("a"), Duration.ofMillis(40), Condition.any()));

        awaitAfter(
                Duration.ofMillis(40), () -> level().fetch(key).blockOptional().isEmpty());

        assertThat(put("b", Condition.absent()).created()).isTrue();
    }

    @Test
    void aPutReplacesTheLifeToo() {
        await(level().put(key, text("a"), HOUR, Condition.any()));
        await(level().put(key, text("b"), Duration.ofSeconds(30), Condition.any()));

        assertThat(await(level().fetch(key)).remaining()).isLessThanOrEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void putsWhereThereIsNoneOnlyWhereThereIsNone() {
        long version = put("a", Condition.absent()).version();

        refuses(level().put(key, text("b"), HOUR, Condition.absent()), OptionalLong.of(version));

        assertThat(await(level().fetch(key)).value()).isEqualTo(text("a"));
    }

    @Test
    void putsWhereThereIsOneOnlyWhereThereIsOne() {
        refuses(level().put(key, text("a"), HOUR, Condition.present()), OptionalLong.empty());
        put("a", Condition.any());

        assertThat(put("b", Condition.present()).created()).isFalse();
    }

    @Test
    void putsOverAVersionOnlyOverThatVersion() {
        refuses(level().put(key, text("a"), HOUR, Condition.version(1)), OptionalLong.empty());
        long first = put("a", Condition.any()).version();
        long second = put("b", Condition.version(first)).version();

        refuses(level().put(key, text("c"), HOUR, Condition.version(first)), OptionalLong.of(second));

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

        refuses(level().put(key, text("b"), HOUR, Condition.present()), OptionalLong.empty());
        refuses(level().put(key, text("b"), HOUR, Condition.version(tombstone)), OptionalLong.empty());
        assertThat(put("b", Condition.absent()).version()).isGreaterThan(tombstone);
    }

    @Test
    void aSlowPutOverADeletedVersionDoesNotBringItBack() {
        long read = put("a", Condition.any()).version();
        await(level().delete(key, Condition.any()));

        refuses(level().put(key, text("made of a"), HOUR, Condition.version(read)), OptionalLong.empty());

        assertThat(level().fetch(key).blockOptional()).isEmpty();
    }

    @Test
    void nothingHappensBeforeTheSubscription() {
        Mono<Written> put = level().put(key, text("a"), HOUR, Condition.any());
        assertThat(level().fetch(key).blockOptional()).isEmpty();

        await(put);

        assertThat(await(level().fetch(key)).value()).isEqualTo(text("a"));
    }

    private Written put(String value, Condition condition) {
        return await(level().put(key, text(value), HOUR, condition));
    }

    private static void refuses(Mono<?> change, OptionalLong currentVersion) {
        assertThatThrownBy(() -> change.block(HOUR))
                .isInstanceOfSatisfying(
                        ConditionFailedException.class,
                        refusal -> assertThat(refusal.currentVersion()).isEqualTo(currentVersion));
    }
}
