package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.HOUR;
import static dev.sluice.cache.engine.Samples.LIFE;
import static dev.sluice.cache.engine.Samples.await;
import static dev.sluice.cache.engine.Samples.begin;
import static dev.sluice.cache.engine.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cache.engine.FakeSecondLevel.Mood;
import dev.sluice.cache.engine.SecondLevel.Written;
import dev.sluice.platform.test.FakeClock;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Puts that are made together. */
class GatheredPutsTest {

    private final FakeSecondLevel second = new FakeSecondLevel(FakeClock.fixed());
    private final GatheredPuts gathered = new GatheredPuts(second);
    private final List<CacheKey> keys =
            Stream.generate(Samples::newKey).limit(3).toList();

    @Test
    void waitForAllToHaveBegunAndAreMadeInOneCall() {
        List<Mono<Written>> puts =
                keys.stream().map(key -> put(key, Condition.any())).toList();
        assertThat(second.calls()).isZero();

        gathered.send();
        gathered.send();

        assertThat(second.calls()).isOne();
        assertThat(puts).allMatch(put -> await(put).created());
        assertThat(keys).allMatch(key -> await(second.fetch(key)).value().equals(text("a")));
    }

    @Test
    void eachHasItsOwnOutcome() {
        await(second.put(keys.get(1), text("b"), LIFE, Condition.any()));
        List<Mono<Written>> puts =
                keys.stream().map(key -> put(key, Condition.absent())).toList();

        gathered.send();

        assertThat(await(puts.get(0)).created()).isTrue();
        assertThatThrownBy(() -> await(puts.get(1))).isInstanceOf(ConditionFailedException.class);
        assertThat(await(puts.get(2)).created()).isTrue();
        assertThat(await(second.fetch(keys.get(1))).value()).isEqualTo(text("b"));
    }

    @Test
    void putsOfOneKeyAreMadeInTheirOrder() {
        List<Mono<Written>> puts = Stream.of("a", "b", "c")
                .map(value -> begin(gathered.put(keys.get(0), text(value), LIFE, Condition.any())))
                .toList();

        gathered.send();

        assertThat(puts.stream().map(put -> await(put).version()).toList())
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(await(second.fetch(keys.get(0))).value()).isEqualTo(text("c"));
    }

    @Test
    void whatTheSecondLevelLeavesIsPutAlone() {
        Lifetime idle = LIFE.withIdle(HOUR.dividedBy(2));
        Mono<Written> left = begin(gathered.put(keys.get(0), text("a"), idle, Condition.any()));
        Mono<Written> made = put(keys.get(1), Condition.any());

        gathered.send();

        assertThat(await(left).created()).isTrue();
        assertThat(await(made).created()).isTrue();
        assertThat(second.putsOfMany()).isOne();
        assertThat(second.calls()).isEqualTo(2);
    }

    @Test
    void oneAloneAndWhoeverComesLateArePutAsEver() {
        Mono<Written> one = put(keys.get(0), Condition.any());
        gathered.send();
        Mono<Written> late = put(keys.get(1), Condition.any());

        assertThat(await(one).created()).isTrue();
        assertThat(await(late).created()).isTrue();
        assertThat(second.putsOfMany()).isZero();
    }

    @Test
    void aCallHasSoManyOfThemAndNoMore() {
        List<Mono<Written>> puts = IntStream.range(0, 2 * FakeSecondLevel.MOST_AT_ONCE + 1)
                .mapToObj(i -> put(Samples.newKey(), Condition.any()))
                .toList();

        gathered.send();

        assertThat(puts).allMatch(put -> await(put).created());
        assertThat(second.putsOfMany()).isEqualTo(3);
    }

    @Test
    void aCallHasSoManyBytesAndNotMuchMore() {
        CacheValue large = CacheValue.of(new byte[GatheredPuts.ENOUGH_BYTES / 2], "");
        List<Mono<Written>> puts = IntStream.range(0, 6)
                .mapToObj(i -> begin(gathered.put(Samples.newKey(), large, LIFE, Condition.any())))
                .toList();

        gathered.send();

        assertThat(puts).allMatch(put -> await(put).created());
        assertThat(second.putsOfMany()).isEqualTo(3);
    }

    @Test
    void whenTheCallFailsAllOfThemDo() {
        second.become(Mood.FAILING);
        List<Mono<Written>> puts =
                keys.stream().map(key -> put(key, Condition.any())).toList();

        gathered.send();

        assertThat(puts)
                .allSatisfy(put -> assertThatThrownBy(() -> await(put)).isInstanceOf(IllegalStateException.class));
    }

    @Test
    void aBatchOfTheCacheIsOneCallAndKeptOnThisNode() {
        try (TwoLevelCache cache = TwoLevelCache.builder(CacheSettings.defaults())
                .secondLevel(second)
                .build()) {
            PutBatch batch = cache.putBatch();
            List<Mono<PutResult>> puts = keys.stream()
                    .map(key -> begin(batch.put(key, text("a"), LIFE, Condition.any())))
                    .toList();
            batch.send();

            assertThat(puts).allMatch(put -> await(put).created());
            assertThat(second.calls()).isOne();
            assertThat(keys).allMatch(key -> await(cache.get(key)).outcome() == ReadOutcome.L1_HIT);
            assertThat(cache.statistics().puts().done()).isEqualTo(3);
        }
    }

    private Mono<Written> put(CacheKey key, Condition condition) {
        return begin(gathered.put(key, text("a"), LIFE, condition));
    }
}
