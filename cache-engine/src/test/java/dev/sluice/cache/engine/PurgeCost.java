package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.await;
import static dev.sluice.cache.engine.Samples.text;

import dev.sluice.platform.test.IsolatedRedis;
import dev.sluice.platform.test.LocalRedis;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.ReactiveRedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Prints how long a purge of a million entries takes to be answered and to be carried out, and how long another client of
 * Redis waits meanwhile; no test, and asserts nothing: {@code mvn -q -pl cache-engine -am test -Dtest=PurgeCost
 * -Dsurefire.failIfNoSpecifiedTests=false}, and {@code -Dentries=} for another number.
 */
class PurgeCost {

    private static final int ENTRIES = Integer.getInteger("entries", 1_000_000);
    private static final CacheKey OTHER = new CacheKey("other", "n", "key");

    private final PrintStream out = System.out;

    @Test
    void printsHowLongAPurgeTakesAndOthersWait() {
        try (IsolatedRedis redis = LocalRedis.newIsolated()) {
            LettuceConnectionFactory ours = RedisConnections.to(redis);
            LettuceConnectionFactory others = RedisConnections.to(redis);
            RedisSecondLevel level = new RedisSecondLevel(ours);
            CacheSettings settings = CacheSettings.defaults().withSecondLevelDeadline(Duration.ofSeconds(30));
            RedisSweep sweep = new RedisSweep(ours, settings, InstantSource.system());
            ReactiveRedisConnection other = others.getReactiveConnection();
            other.serverCommands().setConfig("maxmemory", "0").block();
            fill(level);
            await(level.purge(new Purge("warm-up", "n", List.of(PurgeScope.wholeNamespace()), false)));
            long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
            String before = waits(other, () -> System.nanoTime() < end);

            long start = System.nanoTime();
            await(level.purge(new Purge("t", "n", List.of(PurgeScope.wholeNamespace()), false)));
            long answered = System.nanoTime();
            Mono<Long> pass = await(sweep.pending().map(epochs -> sweep.pass(epochs, Mono.empty())))
                    .cache();
            AtomicBoolean done = new AtomicBoolean();
            pass.doFinally(ignored -> done.set(true)).subscribe();
            String during = waits(other, () -> !done.get());
            long swept = System.nanoTime();
            out.println("purge of %,d entries answered in %.2f ms, carried out (%,d) in %.1f s"
                    .formatted(ENTRIES, (answered - start) / 1e6, pass.block(), (swept - answered) / 1e9));
            out.println("GET of another client before: " + before);
            out.println("GET of another client during: " + during);
            ours.destroy();
            others.destroy();
        }
    }

    private static void fill(RedisSecondLevel level) {
        await(level.put(OTHER, text("a"), Samples.LIFE, Condition.any()));
        CacheValue value = text("x".repeat(100));
        Flux.range(0, ENTRIES)
                .flatMap(i -> level.put(new CacheKey("t", "n", "key-" + i), value, Samples.LIFE, Condition.any()), 200)
                .blockLast(Duration.ofMinutes(10));
    }

    private static String waits(ReactiveRedisConnection other, BooleanSupplier goOn) {
        ByteBuffer name = RedisConnections.ONE.entry(OTHER);
        LongStream.Builder times = LongStream.builder();
        while (goOn.getAsBoolean()) {
            long start = System.nanoTime();
            await(other.stringCommands().get(name.duplicate()));
            times.add(System.nanoTime() - start);
        }
        long[] sorted = times.build().sorted().toArray();
        return "n=%,d p50 %.3f ms, p99 %.3f ms, p99.9 %.3f ms, max %.3f ms"
                .formatted(
                        sorted.length,
                        at(sorted, 0.5),
                        at(sorted, 0.99),
                        at(sorted, 0.999),
                        Arrays.stream(sorted).max().orElse(0) / 1e6);
    }

    private static double at(long[] sorted, double part) {
        return sorted[(int) (part * (sorted.length - 1))] / 1e6;
    }
}
