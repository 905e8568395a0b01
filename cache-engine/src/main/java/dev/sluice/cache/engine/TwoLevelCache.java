package dev.sluice.cache.engine;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.random.RandomGenerator;
import reactor.core.publisher.Mono;

/** A first level on this node before a shared second one; alone without a second level. Thread-safe; nothing blocks. */
public final class TwoLevelCache implements AutoCloseable {

    private final CacheSettings settings;
    private final FirstLevel first;
    private final Levels levels;
    private final CacheObserver observer;
    private final CacheMeters meters;
    private final Ticker ticker;
    private final RandomGenerator random;

    TwoLevelCache(TwoLevelCacheBuilder builder) {
        settings = builder.settings();
        observer = builder.observer();
        ticker = builder.ticker();
        random = builder.random();
        first = new FirstLevel(settings.firstLevelMaxBytes(), builder.clock());
        meters = new CacheMeters(builder.meters(), first);
        levels = builder.secondLevel()
                .map(second -> layered(second, builder))
                .orElseGet(() -> new SingleLevel(first, builder.clock()));
    }

    private Levels layered(SecondLevel second, TwoLevelCacheBuilder builder) {
        GuardedSecondLevel guarded =
                new GuardedSecondLevel(second, settings, builder.clock(), builder.scheduler(), first::clear);
        meters.watch(guarded);
        return new LayeredLevels(first, guarded, builder.clock());
    }

    public static TwoLevelCacheBuilder builder(CacheSettings settings) {
        return new TwoLevelCacheBuilder(settings);
    }

    /**
     * Reads the first level at the call, the second at the subscription; subscribe once. Never fails because the second
     * level is away.
     */
    public Mono<ReadResult> get(CacheKey key) {
        long start = ticker.read();
        Copy copy = first.find(key);
        if (copy != null) {
            answered(key, copy.result(), start);
            return copy.answer();
        }
        return levels.read(key).doOnNext(result -> answered(key, result, start));
    }

    /**
     * Fails with {@link ConditionFailedException} or {@link SecondLevelUnavailableException}. Runs to its end even when
     * the subscriber leaves.
     */
    public Mono<PutResult> put(CacheKey key, CacheValue value, Duration ttl, Condition condition) {
        if (ttl.toMillis() < 1 || ttl.compareTo(settings.maxTtl()) > 0) {
            return Mono.error(new IllegalArgumentException("ttl must be 1 ms to " + settings.maxTtl()));
        }
        return meters.countPut(Mono.defer(() -> levels.put(key, value, jittered(ttl), condition)));
    }

    /**
     * Fails with {@link ConditionFailedException} or {@link SecondLevelUnavailableException}. Runs to its end even when
     * the subscriber leaves.
     */
    public Mono<DeleteResult> delete(CacheKey key, Condition condition) {
        return meters.countDelete(levels.delete(key, condition));
    }

    /**
     * Told by the log: copies older than the version are stale. Repeated and reordered calls are harmless. {@code
     * Long.MAX_VALUE} drops any copy, for when nobody knows the version.
     */
    public void invalidate(CacheKey key, long version) {
        levels.invalidate(key, version);
    }

    /** While the log lags, reads go to the second level. Without a second level this does nothing. */
    public void suspendFirstLevel() {
        levels.suspendFirstLevel();
    }

    /** The log has caught up. The first level starts empty: nobody knows what it missed. */
    public void resumeFirstLevel() {
        levels.resumeFirstLevel();
    }

    /** Forgets the first level and its meters. The second level belongs to whoever made it. */
    @Override
    public void close() {
        first.clear();
        meters.close();
    }

    private void answered(CacheKey key, ReadResult result, long start) {
        meters.read(result.outcome());
        observer.onRead(key, result, ticker.read() - start);
    }

    /** Only ever shorter than asked: nobody wants a value longer. */
    private Duration jittered(Duration ttl) {
        long millis = ttl.toMillis();
        if (settings.ttlJitter() == 0) {
            return Duration.ofMillis(millis);
        }
        long off = (long) (millis * settings.ttlJitter() * random.nextDouble());
        return Duration.ofMillis(Math.max(1, millis - off));
    }
}
