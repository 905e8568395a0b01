package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.HOUR;
import static dev.sluice.cache.engine.Samples.await;
import static dev.sluice.cache.engine.Samples.begin;
import static dev.sluice.cache.engine.Samples.newKey;
import static dev.sluice.cache.engine.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.platform.test.FakeClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Both levels together, without races and without outages. */
class TwoLevelCacheTest {

    private final FakeClock clock = FakeClock.fixed();
    private final FakeSecondLevel second = new FakeSecondLevel(clock);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<ReadOutcome> observed = new ArrayList<>();
    private final TwoLevelCache cache = builder(CacheSettings.defaults())
            .meters(meters)
            .observer((key, result, latencyNanos) -> observed.add(result.outcome()))
            .build();
    private final CacheKey key = newKey();

    @Test
    void missesWhatNobodyPut() {
        assertThat(await(cache.get(key))).isEqualTo(ReadResult.MISS);
    }

    @Test
    void answersFromThisNodeWhatItPut() {
        CacheEntry entry = put(cache, "a", HOUR).entry();

        assertThat(await(cache.get(key))).isEqualTo(ReadResult.of(ReadOutcome.L1_HIT, entry));
        assertThat(second.fetches()).isZero();
    }

    @Test
    void keepsWhatItReadOnThisNode() {
        CacheEntry entry = put(node(), "a", HOUR).entry();

        assertThat(await(cache.get(key))).isEqualTo(ReadResult.of(ReadOutcome.L2_HIT, entry));
        assertThat(await(cache.get(key))).isEqualTo(ReadResult.of(ReadOutcome.L1_HIT, entry));
        assertThat(second.fetches()).isOne();
    }

    @Test
    void aHitOnThisNodeIsOneAndTheSameAnswer() {
        put(cache, "a", HOUR);

        assertThat(cache.get(key)).isSameAs(cache.get(key));
    }

    /** In as few calls as the second level takes. */
    @Test
    void aBatchIsAskedForAsAWholeBeforeTheFirstAnswer() {
        List<CacheKey> keys = IntStream.range(0, 100).mapToObj(i -> newKey()).toList();
        await(node().put(keys.get(7), text("a"), HOUR, Condition.any()));
        await(cache.put(keys.get(9), text("b"), HOUR, Condition.any()));
        int calls = second.calls();
        second.holdAnswers();
        Mono<List<ReadResult>> batch = begin(cache.getAll(keys));
        assertThat(second.calls() - calls).isEqualTo(2);
        assertThat(second.fetchesOfMany()).isEqualTo(2);

        second.releaseAll();

        assertThat(await(batch)).hasSize(100);
        assertThat(await(batch).get(9).outcome()).isEqualTo(ReadOutcome.L1_HIT);
        assertThat(await(batch).get(7).outcome()).isEqualTo(ReadOutcome.L2_HIT);
        assertThat(await(batch).get(8)).isEqualTo(ReadResult.MISS);
        assertThat(observed).hasSize(100);
    }

    @Test
    void anEntryLivesExactlyAsLongAsAsked() {
        CacheEntry entry = put(cache, "a", Duration.ofMillis(1500)).entry();
        assertThat(entry.expiresAt()).isEqualTo(entry.storedAt().plusMillis(1500));

        clock.advance(Duration.ofMillis(1499));
        assertThat(await(cache.get(key)).outcome()).isEqualTo(ReadOutcome.L1_HIT);

        clock.advance(Duration.ofMillis(1));
        assertThat(await(cache.get(key)).outcome()).isEqualTo(ReadOutcome.MISS);
    }

    @Test
    void aCopyEndsWithItsEntryNotLater() {
        put(node(), "a", Duration.ofSeconds(10));
        clock.advance(Duration.ofSeconds(9));
        assertThat(await(cache.get(key)).outcome()).isEqualTo(ReadOutcome.L2_HIT);

        clock.advance(Duration.ofSeconds(1));

        assertThat(await(cache.get(key)).outcome()).isEqualTo(ReadOutcome.MISS);
    }

    @Test
    void aShorterLifeReplacesALongerOne() {
        put(cache, "a", HOUR);
        put(cache, "b", Duration.ofMillis(10));

        clock.advance(Duration.ofMillis(10));

        assertThat(await(cache.get(key)).outcome()).isEqualTo(ReadOutcome.MISS);
    }

    @Test
    void refusesALifeThatIsNoneOrTooLong() {
        for (Duration ttl : List.of(
                Duration.ZERO, Duration.ofNanos(999_999), Duration.ofDays(30).plusMillis(1))) {
            assertThatThrownBy(() -> put(cache, "a", ttl))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("ttl must be");
        }
        assertThat(put(cache, "a", Duration.ofDays(30)).created()).isTrue();
    }

    @Test
    void jitterOnlyShortens() {
        TwoLevelCache jittering = builder(CacheSettings.defaults().withTtlJitter(0.1))
                .random(new Random(7))
                .build();
        List<Duration> lives = IntStream.range(0, 500)
                .mapToObj(i -> put(jittering, "a", HOUR).entry())
                .map(entry -> Duration.between(entry.storedAt(), entry.expiresAt()))
                .toList();

        assertThat(lives).allSatisfy(life -> assertThat(life).isBetween(Duration.ofMinutes(54), HOUR));
        assertThat(lives.stream().distinct().count()).isGreaterThan(400);
    }

    @Test
    void readersOfOneKeyShareOneFetch() {
        put(node(), "a", HOUR);
        second.holdAnswers();
        List<Mono<ReadResult>> reads =
                IntStream.range(0, 100).mapToObj(i -> begin(cache.get(key))).toList();

        second.releaseAll();

        assertThat(reads).allSatisfy(read -> assertThat(await(read).outcome()).isEqualTo(ReadOutcome.L2_HIT));
        assertThat(second.fetches()).isOne();
        assertThat(observed).hasSize(100);
    }

    @Test
    void aReaderWhoLeavesDoesNotEndTheFetchOfTheOthers() {
        put(node(), "a", HOUR);
        second.holdAnswers();
        var leaving = cache.get(key).subscribe();
        Mono<ReadResult> staying = begin(cache.get(key));
        leaving.dispose();

        second.releaseAll();

        assertThat(await(staying).outcome()).isEqualTo(ReadOutcome.L2_HIT);
    }

    @Test
    void theNextFetchAfterOneThatEndedIsANewOne() {
        await(cache.get(key));
        await(cache.get(key));
        second.become(FakeSecondLevel.Mood.FAILING);
        await(cache.get(key));
        await(cache.get(key));

        assertThat(second.calls()).isEqualTo(4);
    }

    @Test
    void whileSuspendedEveryReadGoesToTheSecondLevel() {
        put(cache, "a", HOUR);
        cache.suspendFirstLevel();
        put(node(), "b", HOUR);

        for (int i = 0; i < 3; i++) {
            ReadResult result = await(cache.get(key));
            assertThat(result.outcome()).isEqualTo(ReadOutcome.L2_HIT);
            assertThat(result.entry().orElseThrow().value()).isEqualTo(text("b"));
        }
    }

    @Test
    void afterASuspensionNoCopyFromBeforeOrFromWithinIsServed() {
        CacheKey other = newKey();
        put(cache, "old", HOUR);
        cache.suspendFirstLevel();
        await(cache.put(other, text("within"), HOUR, Condition.any()));
        put(node(), "new", HOUR);
        cache.resumeFirstLevel();

        assertThat(await(cache.get(key)).outcome()).isEqualTo(ReadOutcome.L2_HIT);
        assertThat(await(cache.get(other)).outcome()).isEqualTo(ReadOutcome.L2_HIT);
        assertThat(await(cache.get(key)).outcome()).isEqualTo(ReadOutcome.L1_HIT);
    }

    @Test
    void theFirstLevelStaysBelowItsWeight() {
        SimpleMeterRegistry own = new SimpleMeterRegistry();
        TwoLevelCache small = builder(CacheSettings.defaults().withFirstLevelMaxBytes(100_000))
                .meters(own)
                .build();
        CacheValue value = CacheValue.of(new byte[1000], "");
        for (int i = 0; i < 1000; i++) {
            await(small.put(newKey(), value, HOUR, Condition.any()));
        }

        assertThat(own.get("sluice.cache.first.level.bytes").gauge().value()).isBetween(1.0, 100_000.0);
    }

    @Test
    void countsReadsAndChangesByHowTheyEnded() {
        await(cache.get(key));
        put(cache, "a", HOUR);
        await(cache.get(key));
        await(cache.get(key));
        begin(cache.put(key, text("b"), HOUR, Condition.absent()));
        await(cache.delete(key, Condition.any()));

        assertThat(count("sluice.cache.engine.reads", "outcome", "l1_hit")).isEqualTo(2);
        assertThat(count("sluice.cache.engine.reads", "outcome", "miss")).isEqualTo(1);
        assertThat(count("sluice.cache.engine.changes", "operation", "put", "result", "done"))
                .isEqualTo(1);
        assertThat(count("sluice.cache.engine.changes", "operation", "put", "result", "condition_failed"))
                .isEqualTo(1);
        assertThat(count("sluice.cache.engine.changes", "operation", "delete", "result", "done"))
                .isEqualTo(1);
        assertThat(observed).containsExactly(ReadOutcome.MISS, ReadOutcome.L1_HIT, ReadOutcome.L1_HIT);
    }

    @Test
    void takesItsMetersWithIt() {
        cache.close();

        assertThat(meters.getMeters()).isEmpty();
    }

    private double count(String name, String... tags) {
        return meters.get(name).tags(tags).functionCounter().count();
    }

    private TwoLevelCache node() {
        return builder(CacheSettings.defaults()).build();
    }

    private TwoLevelCacheBuilder builder(CacheSettings settings) {
        return TwoLevelCache.builder(settings).secondLevel(second).clock(clock);
    }

    private PutResult put(TwoLevelCache node, String value, Duration ttl) {
        return await(node.put(key, text(value), ttl, Condition.any()));
    }
}
