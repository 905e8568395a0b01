package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.HOUR;
import static dev.sluice.cache.engine.Samples.await;
import static dev.sluice.cache.engine.Samples.begin;
import static dev.sluice.cache.engine.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cache.engine.FakeSecondLevel.Mood;
import dev.sluice.cache.engine.SecondLevel.Fetched;
import dev.sluice.platform.test.FakeClock;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** Reads that are asked for together. */
class GatheredReadsTest {

    private final FakeClock clock = FakeClock.fixed();
    private final FakeSecondLevel second = new FakeSecondLevel(clock);
    private final GatheredReads gathered = new GatheredReads(second);
    private final List<CacheKey> keys =
            Stream.generate(Samples::newKey).limit(3).toList();

    @Test
    void waitForAllToHaveBegunAndAreAskedForOnce() {
        put(keys.get(1));
        int calls = second.calls();
        List<Mono<Optional<Fetched>>> reads = keys.stream().map(this::fetch).toList();
        assertThat(second.calls()).isEqualTo(calls);

        gathered.send();
        gathered.send();

        assertThat(second.calls()).isEqualTo(calls + 1);
        assertThat(await(reads.get(0))).isEmpty();
        assertThat(await(reads.get(1)).orElseThrow().value()).isEqualTo(text("a"));
        assertThat(await(reads.get(2))).isEmpty();
    }

    @Test
    void whoeverComesLateAsksAlone() {
        gathered.send();
        put(keys.get(0));

        assertThat(await(fetch(keys.get(0)))).isPresent();
        assertThat(second.fetches()).isOne();
        assertThat(second.fetchesOfMany()).isZero();
    }

    @Test
    void oneAloneIsAskedForAsEver() {
        Mono<Optional<Fetched>> read = fetch(keys.get(0));

        gathered.send();

        assertThat(await(read)).isEmpty();
        assertThat(second.fetches()).isOne();
    }

    @Test
    void whatTheAnswerLeavesOutIsAskedForAlone() {
        await(second.put(keys.get(0), text("a"), Lifetime.of(HOUR).withIdle(HOUR.dividedBy(2)), Condition.any()));
        List<Mono<Optional<Fetched>>> reads = keys.stream().map(this::fetch).toList();

        gathered.send();

        assertThat(await(reads.get(0)).orElseThrow().value()).isEqualTo(text("a"));
        assertThat(await(reads.get(1))).isEmpty();
        assertThat(second.fetches()).isOne();
        assertThat(second.fetchesOfMany()).isOne();
    }

    @Test
    void tenantsAreAskedForApartSinceEachHasPurgesOfItsOwn() {
        CacheKey other = new CacheKey("another", "prices", "a");
        await(second.purge(new Purge("another", "prices", List.of(PurgeScope.tag("x")), false)));
        List<CacheKey> all = List.of(keys.get(0), other, keys.get(1), new CacheKey("another", "prices", "b"));
        all.forEach(this::put);
        List<Mono<Optional<Fetched>>> reads = all.stream().map(this::fetch).toList();

        gathered.send();

        assertThat(second.fetchesOfMany()).isEqualTo(2);
        assertThat(await(reads.get(0)).orElseThrow().lastPurge()).isZero();
        assertThat(await(reads.get(1)).orElseThrow().lastPurge()).isPositive();
    }

    @Test
    void whenTheCallFailsAllOfThemDo() {
        second.become(Mood.FAILING);
        List<Mono<Optional<Fetched>>> reads = keys.stream().map(this::fetch).toList();

        gathered.send();

        assertThat(reads)
                .allSatisfy(read -> assertThatThrownBy(() -> await(read)).isInstanceOf(IllegalStateException.class));
    }

    /** Another reader waits for the same fetch, and has not left. */
    @Test
    void aBatchWhoseReaderLeavesEndsForOthers() {
        TwoLevelCache cache = TwoLevelCache.builder(CacheSettings.defaults())
                .secondLevel(second)
                .build();
        put(keys.get(0));
        second.holdAnswers();
        Disposable batch = cache.getAll(keys).subscribe();
        Mono<ReadResult> other = begin(cache.get(keys.get(0)));
        batch.dispose();

        second.releaseAll();

        assertThat(await(other).outcome()).isEqualTo(ReadOutcome.L2_HIT);
        assertThat(second.fetchesOfMany()).isOne();
        assertThat(second.fetches()).isZero();
        cache.close();
    }

    private Mono<Optional<Fetched>> fetch(CacheKey key) {
        return begin(gathered.fetch(key).map(Optional::of).defaultIfEmpty(Optional.empty()));
    }

    private void put(CacheKey key) {
        await(second.put(key, text("a"), Lifetime.of(HOUR), Condition.any()));
    }
}
