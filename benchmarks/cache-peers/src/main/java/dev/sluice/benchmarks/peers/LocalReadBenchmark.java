package dev.sluice.benchmarks.peers;

import com.alicp.jetcache.Cache;
import com.alicp.jetcache.embedded.CaffeineCacheBuilder;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.redisson.Redisson;
import org.redisson.api.RLocalCachedMap;
import org.redisson.api.RedissonClient;
import org.redisson.api.options.LocalCachedMapOptions;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.codec.CompositeCodec;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;

/** Reads that these answer out of the memory of the process, with the same keys, values and order of reads as Sluice's own. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class LocalReadBenchmark {

    private static final int KEYS = 100_000;
    private static final int READS = 1 << 18;
    private static final int VALUE_BYTES = 228;

    private final String[] reads = new String[READS];
    private Cache<String, byte[]> jetCache;
    private RedissonClient redisson;
    private RLocalCachedMap<String, byte[]> redissonMap;
    private int next;

    @Setup
    public void fill() {
        jetCache = CaffeineCacheBuilder.createCaffeineCacheBuilder()
                .limit(2 * KEYS)
                .expireAfterWrite(1, TimeUnit.HOURS)
                .buildCache();
        Config config = new Config();
        config.useSingleServer().setAddress("redis://127.0.0.1:" + Integer.getInteger("redis.port"));
        redisson = Redisson.create(config);
        redissonMap = redisson.getLocalCachedMap(LocalCachedMapOptions.<String, byte[]>name("articles")
                .codec(new CompositeCodec(StringCodec.INSTANCE, ByteArrayCodec.INSTANCE, ByteArrayCodec.INSTANCE))
                .cacheProvider(LocalCachedMapOptions.CacheProvider.CAFFEINE)
                .evictionPolicy(LocalCachedMapOptions.EvictionPolicy.LRU)
                .cacheSize(2 * KEYS));
        String[] keys = new String[KEYS];
        for (int i = 0; i < KEYS; i++) {
            keys[i] = "article:" + (48_000_000 + i) + ":body";
            jetCache.put(keys[i], new byte[VALUE_BYTES]);
            redissonMap.fastPutAsync(keys[i], new byte[VALUE_BYTES]).toCompletableFuture().join();
        }
        double[] upTo = new double[KEYS];
        double sum = 0;
        for (int i = 0; i < KEYS; i++) {
            sum += 1 / Math.pow(i + 1.0, 0.99);
            upTo[i] = sum;
        }
        Random random = new Random(7);
        for (int i = 0; i < READS; i++) {
            int place = Arrays.binarySearch(upTo, random.nextDouble() * sum);
            reads[i] = keys[Math.min(KEYS - 1, place < 0 ? -place - 1 : place)];
        }
    }

    @TearDown
    public void leave() {
        redisson.shutdown();
    }

    private String key() {
        next = (next + 1) & (READS - 1);
        return reads[next];
    }

    @Benchmark
    public Object jetCache() {
        return jetCache.get(key());
    }

    @Benchmark
    public Object redissonLocalCachedMap() {
        return redissonMap.get(key());
    }
}
