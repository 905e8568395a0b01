package dev.sluice.cache.engine;

import java.time.Duration;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;

/** Which lifetimes may be asked for, and what is made of them so that what was stored together does not end together. */
final class Lifetimes {

    private final Duration max;
    private final ToDoubleFunction<CacheKey> jitter;
    private final RandomGenerator random;

    Lifetimes(TwoLevelCacheBuilder builder) {
        this.max = builder.settings().maxTtl();
        this.jitter = builder.ttlJitter();
        this.random = builder.random();
    }

    /** In whole milliseconds, and only ever shorter than asked: nobody wants a value longer. */
    Lifetime given(CacheKey key, Lifetime asked) {
        if (asked.whole().compareTo(max) > 0) {
            throw new IllegalArgumentException("ttl must be 1 ms to " + max + " with its stale spans");
        }
        long millis = asked.fresh().toMillis();
        double part = jitter.applyAsDouble(key);
        long off = part == 0 ? 0 : (long) (millis * part * random.nextDouble());
        return new Lifetime(
                Duration.ofMillis(Math.max(1, millis - off)),
                Duration.ofMillis(asked.staleWhileRevalidate().toMillis()),
                Duration.ofMillis(asked.staleIfError().toMillis()),
                Duration.ofMillis(asked.idle().toMillis()));
    }
}
