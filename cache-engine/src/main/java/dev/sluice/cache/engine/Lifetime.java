package dev.sluice.cache.engine;

import java.time.Duration;

/**
 * How long a value may be served: as fresh, and after that as stale, while it is made anew or when that fails (the two
 * stale spans of RFC 5861, which both begin where the fresh one ends). Spans count in whole milliseconds.
 *
 * @param fresh positive
 * @param staleWhileRevalidate zero for not at all
 * @param staleIfError zero for not at all
 * @param idle how long the value is kept at least after it was read or stored, within the other spans, and at most a quarter longer:
 *     see {@link #idleBound()}; zero for until they end, read or not
 */
public record Lifetime(Duration fresh, Duration staleWhileRevalidate, Duration staleIfError, Duration idle) {

    public Lifetime {
        if (fresh.toMillis() < 1) {
            throw new IllegalArgumentException("fresh must be at least 1 ms");
        }
        if (staleWhileRevalidate.isNegative()) {
            throw new IllegalArgumentException("staleWhileRevalidate must not be negative");
        }
        if (staleIfError.isNegative()) {
            throw new IllegalArgumentException("staleIfError must not be negative");
        }
        if (idle.isNegative() || (!idle.isZero() && idle.toMillis() < 1)) {
            throw new IllegalArgumentException("idle must be zero or at least 1 ms");
        }
    }

    /** One that does not depend on reads. */
    public Lifetime(Duration fresh, Duration staleWhileRevalidate, Duration staleIfError) {
        this(fresh, staleWhileRevalidate, staleIfError, Duration.ZERO);
    }

    /** Never served stale. */
    public static Lifetime of(Duration fresh) {
        return new Lifetime(fresh, Duration.ZERO, Duration.ZERO);
    }

    public Lifetime withFresh(Duration span) {
        return new Lifetime(span, staleWhileRevalidate, staleIfError, idle);
    }

    /** Fresh no longer than this, but for the one millisecond that it must be. */
    Lifetime cutTo(Duration span) {
        Duration least = span.toMillis() < 1 ? Duration.ofMillis(1) : Duration.ofMillis(span.toMillis());
        return least.compareTo(fresh) < 0 ? withFresh(least) : this;
    }

    public Lifetime withStaleWhileRevalidate(Duration span) {
        return new Lifetime(fresh, span, staleIfError, idle);
    }

    public Lifetime withStaleIfError(Duration span) {
        return new Lifetime(fresh, staleWhileRevalidate, span, idle);
    }

    /** Gone when nobody has read it for this long; zero for never because of that. */
    public Lifetime withIdle(Duration span) {
        return new Lifetime(fresh, staleWhileRevalidate, staleIfError, span);
    }

    public boolean endsIdle() {
        return !idle.isZero();
    }

    /**
     * The longest time that it is kept after the last read. The slack lets a node tell the second level of its reads a few times in an
     * idle time, not at each.
     */
    public Duration idleBound() {
        return idle.plusMillis(Math.max(1, idle.toMillis() / 4));
    }

    /** Until nothing may be served any more. */
    public Duration whole() {
        return fresh.plus(staleWhileRevalidate.compareTo(staleIfError) > 0 ? staleWhileRevalidate : staleIfError);
    }
}
