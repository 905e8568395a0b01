package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.HOUR;
import static dev.sluice.cache.engine.Samples.await;
import static dev.sluice.cache.engine.Samples.newKey;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cache.engine.RedisCounters.Add;
import dev.sluice.cache.engine.RedisCounters.Count;
import dev.sluice.platform.test.LocalRedis;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Counters in a real Redis. */
class RedisCountersIT {

    private static LettuceConnectionFactory connections;
    private static RedisCounters counters;

    private final CacheKey key = newKey();

    @BeforeAll
    static void connect() {
        connections = RedisConnections.to(LocalRedis.shared());
        counters = new RedisCounters(
                connections,
                CacheSettings.defaults().withSecondLevelDeadline(Duration.ofSeconds(20)),
                InstantSource.system());
    }

    @AfterAll
    static void disconnect() {
        connections.destroy();
    }

    @Test
    void everyConcurrentAddCountsOnce() {
        List<Long> values = await(Flux.range(0, 500)
                .flatMap(i -> add(1, 0, 1_000_000), 64)
                .map(Count::value)
                .collectList());

        assertThat(values)
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(1, 500).boxed().toList());
        assertThat(await(counters.find(key)).value()).isEqualTo(500);
    }

    @Test
    void noSumLeavesTheBounds() {
        List<Count> counts = await(Flux.range(0, 50).flatMap(i -> add(3, 0, 20)).collectList());

        assertThat(counts.stream().filter(Count::added)).hasSize(6);
        assertThat(counts.stream().filter(count -> !count.added())).allMatch(count -> count.value() == 18);
        assertThat(await(add(-19, 0, 20)).added()).isFalse();
        assertThat(await(add(-18, 0, 20))).matches(count -> count.added() && count.value() == 0);
    }

    @Test
    void countsExactlyToTheEndOfItsRange() {
        long max = RedisCounters.MAX;
        assertThat(await(add(max - 1, -max, max)).value()).isEqualTo(max - 1);
        assertThat(await(add(1, -max, max)).value()).isEqualTo(max);
        assertThat(await(add(1, -max, max)).added()).isFalse();
        assertThat(await(add(-max, -max, max)).value()).isZero();
    }

    @Test
    void isForgottenALifeAfterItsFirstAddHoweverManyFollow() {
        Add shortLived = new Add(1, 0, 1_000_000, Duration.ofMillis(150));
        await(counters.add(key, shortLived));

        Awaitility.await()
                .pollInterval(Duration.ofMillis(5))
                .until(() -> await(counters.add(key, shortLived)).value() == 1);
    }

    @Test
    void thereIsNoneBeforeTheFirstAddAndAfterADelete() {
        assertThat(counters.find(key).blockOptional()).isEmpty();
        assertThat(await(counters.delete(key))).isFalse();
        assertThat(await(add(5, 0, 9)).remaining()).isBetween(Duration.ofMinutes(59), HOUR);
        assertThat(await(counters.delete(key))).isTrue();
        assertThat(counters.find(key).blockOptional()).isEmpty();
    }

    private Mono<Count> add(long delta, long min, long max) {
        return counters.add(key, new Add(delta, min, max, HOUR));
    }
}
