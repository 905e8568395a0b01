package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.LIFE;
import static dev.sluice.cache.engine.Samples.await;
import static dev.sluice.cache.engine.Samples.newKey;
import static dev.sluice.cache.engine.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cache.engine.Loader.Loaded;
import dev.sluice.platform.test.LocalRedis;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** A thousand readers on two nodes miss the same key of a real Redis at once. */
class StampedeIT {

    private static final int READERS = 1_000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** A slow machine is not an origin that is asked again. */
    private static final CacheSettings SETTINGS = CacheSettings.defaults()
            .withSecondLevelDeadline(Duration.ofSeconds(20))
            .withLeaseLife(Lease.MAX_LIFE);

    private final LettuceConnectionFactory connections = RedisConnections.to(LocalRedis.shared());
    private final List<TwoLevelCache> nodes =
            Stream.generate(this::node).limit(2).toList();
    private final AtomicInteger asked = new AtomicInteger();
    private final CacheKey key = newKey();

    @AfterEach
    void close() {
        nodes.forEach(TwoLevelCache::close);
        connections.destroy();
    }

    @Test
    void theOriginIsAskedOnceByThoseWhoBringALoader() {
        Loader origin =
                (ignored, stale) -> Mono.fromSupplier(() -> new Loaded(text("made " + asked.incrementAndGet()), LIFE))
                        .delayElement(Duration.ofMillis(100));

        List<ReadResult> results = Flux.range(0, READERS)
                .flatMap(
                        i -> Mono.defer(() -> nodes.get(i % 2).get(key, origin, new LoadPatience(PATIENCE, PATIENCE)))
                                .subscribeOn(Schedulers.parallel()),
                        READERS)
                .collectList()
                .block(PATIENCE);

        assertThat(asked).hasValue(1);
        assertThat(results)
                .hasSize(READERS)
                .allMatch(result -> result.entry().orElseThrow().value().equals(text("made 1")));
    }

    @Test
    void oneOfThoseWhoAskForALeaseIsGivenIt() {
        List<LeasedRead> reads = Objects.requireNonNull(Flux.range(0, READERS)
                .flatMap(
                        i -> Mono.defer(() -> nodes.get(i % 2).getOrLease(key)).subscribeOn(Schedulers.parallel()),
                        READERS)
                .collectList()
                .block(PATIENCE));

        assertThat(reads).hasSize(READERS);
        List<Long> tokens = reads.stream()
                .flatMap(read -> read.lease().stream())
                .flatMap(lease -> lease instanceof Lease.Granted granted ? Stream.of(granted.token()) : Stream.of())
                .toList();
        assertThat(tokens).hasSize(1);
        await(nodes.getFirst().put(key, text("made"), LIFE, Condition.lease(tokens.getFirst())));
        assertThat(IntStream.range(0, 2).mapToObj(i -> await(nodes.get(i).get(key))))
                .allMatch(result -> result.entry().orElseThrow().value().equals(text("made")));
    }

    private TwoLevelCache node() {
        return TwoLevelCache.builder(SETTINGS)
                .secondLevel(new RedisSecondLevel(connections))
                .build();
    }
}
