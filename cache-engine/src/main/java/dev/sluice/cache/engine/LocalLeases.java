package dev.sluice.cache.engine;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The leases of one node that works alone. One that is forgotten for want of room is void. Calls for one key come in turn. */
final class LocalLeases {

    private static final int MAX_LEASES = 10_000;

    private final InstantSource clock;
    private final Cache<CacheKey, Held> leases;

    LocalLeases(InstantSource clock) {
        this.clock = clock;
        leases = Caffeine.newBuilder()
                .maximumSize(MAX_LEASES)
                .expireAfterWrite(Lease.MAX_LIFE)
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .executor(Runnable::run)
                .build();
    }

    Lease ask(CacheKey key, Duration life, LongSupplier tokens) {
        long now = clock.millis();
        Held held = leases.getIfPresent(key);
        if (held != null && held.endsAtMillis > now) {
            return new Lease.Held(Duration.ofMillis(held.endsAtMillis - now));
        }
        Held given = new Held(tokens.getAsLong(), now, now + life.toMillis());
        leases.put(key, given);
        return new Lease.Granted(given.token);
    }

    /** Zero for none. */
    long token(CacheKey key) {
        Held held = leases.getIfPresent(key);
        return held == null ? 0 : held.token;
    }

    boolean release(CacheKey key, long token) {
        Held held = leases.getIfPresent(key);
        return held != null && held.token == token && leases.asMap().remove(key, held);
    }

    /** Voids the lease, and tells how long it was held: zero when there was none. */
    Duration end(CacheKey key) {
        @Nullable Held held = leases.asMap().remove(key);
        return held == null ? Duration.ZERO : Duration.ofMillis(Math.max(0, clock.millis() - held.sinceMillis));
    }

    /** One lease. */
    private record Held(long token, long sinceMillis, long endsAtMillis) {}
}
