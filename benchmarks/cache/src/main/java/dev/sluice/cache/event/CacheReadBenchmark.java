package dev.sluice.cache.event;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.sluice.cache.engine.CacheKey;
import dev.sluice.cache.engine.CacheObserver;
import dev.sluice.cache.engine.CacheSettings;
import dev.sluice.cache.engine.CacheValue;
import dev.sluice.cache.engine.Condition;
import dev.sluice.cache.engine.TwoLevelCache;
import dev.sluice.platform.kafka.PlatformKafkaProperties;
import dev.sluice.platform.kafka.RecordPublishers;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.springframework.util.unit.DataSize;

/**
 * A read that the first level answers, beside Caffeine by itself: as it is without an observer, and with every read on its way
 * to the log, which here is one that takes all and keeps nothing. Keys are read as Zipf's law has it.
 * benchmarks/README.md says how to run it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class CacheReadBenchmark {

    private static final int KEYS = 100_000;
    private static final int READS = 1 << 18;
    private static final int VALUE_BYTES = 228;
    private static final Duration LIFE = Duration.ofHours(1);

    private final MeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final CacheKey[] reads = new CacheKey[READS];
    private final Cache<CacheKey, CacheValue> caffeine =
            Caffeine.newBuilder().maximumSize(2 * KEYS).build();
    private final Cache<CacheKey, CacheValue> weighed = Caffeine.newBuilder()
            .maximumWeight(CacheSettings.defaults().firstLevelMaxBytes())
            .weigher(
                    (CacheKey key, CacheValue value) -> value.size() + key.key().length())
            .expireAfter(Expiry.<CacheKey, CacheValue>creating((key, value) -> LIFE))
            .build();
    private final RecordPublishers publishers = new RecordPublishers(DiscardingProducer::new, kafka(), meters);
    private final TwoLevelCache silent = cache(CacheObserver.NONE);
    private final TwoLevelCache telling = cache(new ReadPublisher(
            publishers,
            new EventProperties(200, 1000, 131_072),
            new KeyFates(131_072),
            InstantSource.system(),
            "benchmark"));
    private int next;

    /** Of a process that has this cache alone; or three others beside it, so that what belongs together is further apart in memory. */
    @Param({"alone", "beside-others"})
    public String held = "alone";

    /** As the service has it by default. */
    private static PlatformKafkaProperties kafka() {
        return new PlatformKafkaProperties(
                (short) 1,
                1,
                null,
                true,
                DataSize.ofMegabytes(1),
                10_000,
                DataSize.ofMegabytes(32),
                Duration.ofSeconds(5));
    }

    private TwoLevelCache cache(CacheObserver observer) {
        return TwoLevelCache.builder(CacheSettings.defaults().withFirstLevelMaxBytes(256L << 20))
                .observer(observer)
                .build();
    }

    @Setup
    public void fill(BenchmarkParams running) {
        fill(running.getBenchmark().substring(running.getBenchmark().lastIndexOf('.') + 1));
    }

    /** @param name of the one that is to be read; the others are filled only where it is not alone */
    void fill(String name) {
        CacheKey[] keys = new CacheKey[KEYS];
        for (int i = 0; i < KEYS; i++) {
            CacheValue value = CacheValue.of(new byte[VALUE_BYTES], "application/json");
            keys[i] = new CacheKey("acme", "articles", "article:" + (48_000_000 + i) + ":body");
            if (holds(name, "caffeine", "caffeineAndItsValue")) {
                caffeine.put(keys[i], value);
            }
            if (holds(name, "caffeineWithWeightsAndLives")) {
                weighed.put(keys[i], value);
            }
            if (holds(name, "firstLevel")) {
                silent.put(keys[i], value, LIFE, Condition.any()).block();
            }
            if (holds(name, "firstLevelWithEvents")) {
                telling.put(keys[i], value, LIFE, Condition.any()).block();
            }
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

    private boolean holds(String running, String... readers) {
        return !held.equals("alone") || List.of(readers).contains(running);
    }

    /** Of the reads that were to be published, some may have been dropped, which costs less than publishing them. */
    @TearDown
    public void printDropped() {
        publishers.close();
        PrintStream out = System.out;
        out.printf("published %.0f, dropped %.0f%n", count("published"), count("dropped"));
    }

    private double count(String what) {
        return meters.counter("sluice.kafka.batch." + what, "publisher", "cache-reads")
                .count();
    }

    private CacheKey key() {
        next = (next + 1) & (READS - 1);
        return reads[next];
    }

    @Benchmark
    public @Nullable Object caffeine() {
        return caffeine.getIfPresent(key());
    }

    /** As {@link #caffeine}, by a reader who looks at what was found. */
    @Benchmark
    public int caffeineAndItsValue() {
        CacheValue found = caffeine.getIfPresent(key());
        return found == null ? 0 : found.size();
    }

    /** Bounded by weight and with a life for each entry, as the first level is. */
    @Benchmark
    public @Nullable Object caffeineWithWeightsAndLives() {
        return weighed.getIfPresent(key());
    }

    @Benchmark
    public @Nullable Object firstLevel() {
        return silent.get(key()).block();
    }

    /** As cache-service has it. */
    @Benchmark
    public @Nullable Object firstLevelWithEvents() {
        return telling.get(key()).block();
    }
}
