package dev.sluice.cache.event;

import dev.sluice.cache.engine.CacheKey;
import dev.sluice.cache.engine.CacheSettings;
import dev.sluice.cache.engine.CacheValue;
import dev.sluice.cache.engine.Condition;
import dev.sluice.cache.engine.ReadOutcome;
import dev.sluice.cache.engine.ReadResult;
import dev.sluice.cache.engine.RedisSecondLevel;
import dev.sluice.cache.engine.SteadyReads;
import dev.sluice.cache.engine.TwoLevelCache;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.resource.ClientResources;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import reactor.core.publisher.Flux;

/**
 * A read that Redis answers, beside Lettuce by itself that gets the same bytes: one at a time, and so many at once. The first
 * level has no room. benchmarks/README.md says how to run it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class RedisReadBenchmark {

    private static final int KEYS = 10_000;
    private static final int AT_ONCE = 100;
    private static final int VALUE_BYTES = 228;

    private final Random random = new Random(7);
    private final List<CacheKey> keys = new ArrayList<>();
    private final List<byte[]> names = new ArrayList<>();
    private final int port = Integer.getInteger("redis.port", 6379);
    private final RedisClient client = RedisClient.create(RedisURI.create("127.0.0.1", port));
    private final StatefulRedisConnection<byte[], byte[]> lettuce = client.connect(ByteArrayCodec.INSTANCE);
    private final ClientResources resources =
            ClientResources.builder().nettyCustomizer(new SteadyReads()).build();
    private final LettuceConnectionFactory connections = new LettuceConnectionFactory(
            new RedisStandaloneConfiguration("127.0.0.1", port),
            LettuceClientConfiguration.builder().clientResources(resources).build());
    private @Nullable TwoLevelCache cache;

    @Setup
    public void fill() {
        connections.afterPropertiesSet();
        connections.start();
        // On a busy machine the first calls take longer than readers would wait.
        CacheSettings patient = CacheSettings.defaults().withSecondLevelDeadline(Duration.ofSeconds(20));
        TwoLevelCache made = TwoLevelCache.builder(patient.withFirstLevelMaxBytes(1))
                .secondLevel(new RedisSecondLevel(connections))
                .build();
        CacheValue value = CacheValue.of(new byte[VALUE_BYTES], "application/json");
        for (int i = 0; i < KEYS; i++) {
            CacheKey key = new CacheKey("acme", "articles", "article:" + (48_000_000 + i) + ":body");
            byte[] name = ("bare:" + key.key()).getBytes(StandardCharsets.UTF_8);
            keys.add(key);
            names.add(name);
            made.put(key, value, Duration.ofHours(1), Condition.any()).block();
            lettuce.sync().set(name, new byte[VALUE_BYTES]);
        }
        ReadResult result = made.get(keys.getFirst()).block();
        if (result == null || result.outcome() != ReadOutcome.L2_HIT) {
            throw new IllegalStateException("answered by something else than Redis: " + result);
        }
        cache = made;
    }

    @TearDown
    public void leave() {
        cache().close();
        connections.destroy();
        resources.shutdown().syncUninterruptibly();
        lettuce.close();
        client.shutdown();
    }

    private TwoLevelCache cache() {
        if (cache == null) {
            throw new IllegalStateException("not filled");
        }
        return cache;
    }

    @Benchmark
    public @Nullable Object lettuce() {
        return lettuce.sync().get(names.get(random.nextInt(KEYS)));
    }

    @Benchmark
    public @Nullable Object secondLevel() {
        return cache().get(keys.get(random.nextInt(KEYS))).block();
    }

    @Benchmark
    @OperationsPerInvocation(AT_ONCE)
    public @Nullable Object lettuceManyAtOnce() {
        return Flux.range(0, AT_ONCE)
                .flatMapSequential(ignored -> lettuce.reactive().get(names.get(random.nextInt(KEYS))), AT_ONCE)
                .collectList()
                .block();
    }

    @Benchmark
    @OperationsPerInvocation(AT_ONCE)
    public @Nullable Object secondLevelManyAtOnce() {
        List<CacheKey> some = random.ints(AT_ONCE, 0, KEYS).mapToObj(keys::get).toList();
        return cache().getAll(some).block();
    }
}
