package dev.sluice.cache.engine;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Which lifetimes may be asked for, and what is made of them so that what was stored together does not end together. */
final class Lifetimes {

    private final Duration max;
    private final double jitter;
    private final RandomGenerator random;

    Lifetimes(CacheSettings settings, RandomGenerator random) {
        this.max = settings.maxTtl();
        this.jitter = settings.ttlJitter();
        this.random = random;
    }

    /** In whole milliseconds, and only ever shorter than asked: nobody wants a value longer. */
    Lifetime given(Lifetime asked) {
        if (asked.whole().compareTo(max) > 0) {
            throw new IllegalArgumentException("ttl must be 1 ms to " + max + " with its stale spans");
        }
        long millis = asked.fresh().toMillis();
        long off = jitter == 0 ? 0 : (long) (millis * jitter * random.nextDouble());
        return new Lifetime(
                Duration.ofMillis(Math.max(1, millis - off)),
                Duration.ofMillis(asked.staleWhileRevalidate().toMillis()),
                Duration.ofMillis(asked.staleIfError().toMillis()));
    }
}
