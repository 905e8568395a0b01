package dev.sluice.cache.engine;

import com.github.benmanes.caffeine.cache.Ticker;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Collects what a {@link TwoLevelCache} works with. Without a second level the first works alone. */
public final class TwoLevelCacheBuilder {

    private final CacheSettings settings;
    private @Nullable SecondLevel secondLevel;
    private CacheObserver observer = CacheObserver.NONE;
    private @Nullable MeterRegistry meters;
    private InstantSource clock = InstantSource.system();
    private @Nullable Ticker ticker;
    private MemoryGauge memory = MemoryGauge.NONE;
    private double firstLevelFloor = 0.125;
    private Scheduler scheduler = Schedulers.parallel();
    private ToDoubleFunction<CacheKey> ttlJitter;
    private EngineParts parts = new EngineParts();
    private RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();

    TwoLevelCacheBuilder(CacheSettings settings) {
        this.settings = settings;
        double jitter = settings.ttlJitter();
        this.ttlJitter = key -> jitter;
    }

    public TwoLevelCacheBuilder secondLevel(SecondLevel level) {
        secondLevel = level;
        return this;
    }

    public TwoLevelCacheBuilder observer(CacheObserver observer) {
        this.observer = observer;
        return this;
    }

    /** Where it shows what it counts; without, it shows that to nobody. */
    public TwoLevelCacheBuilder meters(MeterRegistry registry) {
        meters = registry;
        return this;
    }

    /** Tells when entries expire and when the breaker tries again. */
    public TwoLevelCacheBuilder clock(InstantSource source) {
        clock = source;
        return this;
    }

    /** Measures latencies, and for how long a copy needs no look at the clock; without it, time passes as on the clock. */
    public TwoLevelCacheBuilder ticker(Ticker source) {
        ticker = source;
        return this;
    }

    /** Watches the deadlines of the second level. */
    public TwoLevelCacheBuilder scheduler(Scheduler watcher) {
        scheduler = watcher;
        return this;
    }

    /** Part of a life, 0 to below 1, by which it may be shortened at random, where it is not the same for all keys. */
    public TwoLevelCacheBuilder ttlJitter(ToDoubleFunction<CacheKey> partOf) {
        ttlJitter = partOf;
        return this;
    }

    public TwoLevelCacheBuilder random(RandomGenerator generator) {
        random = generator;
        return this;
    }

    /** While this tells that memory is short, the first level has less of it; without it, it keeps its size. */
    public TwoLevelCacheBuilder memory(MemoryGauge gauge) {
        memory = gauge;
        return this;
    }

    /** Part of its size, 0 to 1, that the first level keeps however short memory is. */
    public TwoLevelCacheBuilder firstLevelFloor(double part) {
        if (!(part >= 0 && part <= 1)) {
            throw new IllegalArgumentException("firstLevelFloor must be 0 to 1");
        }
        firstLevelFloor = part;
        return this;
    }

    TwoLevelCacheBuilder parts(EngineParts maker) {
        parts = maker;
        return this;
    }

    public TwoLevelCache build() {
        return new TwoLevelCache(this);
    }

    MemoryGauge memory() {
        return memory;
    }

    PressurePolicy pressurePolicy() {
        long full = settings.firstLevelMaxBytes();
        return new PressurePolicy((long) (full * firstLevelFloor), full);
    }

    CacheSettings settings() {
        return settings;
    }

    Optional<SecondLevel> secondLevel() {
        return Optional.ofNullable(secondLevel);
    }

    CacheObserver observer() {
        return observer;
    }

    Optional<MeterRegistry> meters() {
        return Optional.ofNullable(meters);
    }

    InstantSource clock() {
        return clock;
    }

    Ticker ticker() {
        if (ticker != null) {
            return ticker;
        }
        InstantSource source = clock;
        return isSystem(source) ? Ticker.systemTicker() : () -> TimeUnit.MILLISECONDS.toNanos(source.millis());
    }

    private static boolean isSystem(InstantSource source) {
        return source.equals(InstantSource.system())
                || (source instanceof Clock clock && clock.equals(Clock.system(clock.getZone())));
    }

    EngineParts parts() {
        return parts;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    ToDoubleFunction<CacheKey> ttlJitter() {
        return ttlJitter;
    }

    RandomGenerator random() {
        return random;
    }
}
