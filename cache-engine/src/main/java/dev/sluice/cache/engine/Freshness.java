package dev.sluice.cache.engine;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * What a read may do with an entry at its age. Pure.
 *
 * <p>Early refresh is XFetch (Vattani, Chierichetti, Lowenstein: Optimal Probabilistic Cache Stampede Prevention, VLDB
 * 2015): a read at time t refreshes when {@code t - cost * beta * ln(u)} is past the end of freshness, with u uniform
 * in (0, 1]. At a distance d from the end that is a chance of {@code exp(-d / (beta * cost))}.
 */
enum Freshness {
    FRESH,
    /** Fresh, and the one who reads it is to make it anew beforehand. */
    FRESH_BUT_DUE,
    /** Served while somebody makes it anew. */
    STALE_WHILE_REVALIDATE,
    /** Served only when making it anew fails. */
    STALE_IF_ERROR,
    GONE;

    /** A chance below 1 in 8 million is none: exp(-16). */
    private static final double NEGLIGIBLE = 16;

    /** Up to this moment, in milliseconds of this node's clock, an entry is fresh and no early refresh to be thought of. */
    static long calmUntil(CacheEntry entry) {
        long spread = (long) (entry.cost().toMillis() * CacheSettings.MAX_EARLY_REFRESH * NEGLIGIBLE);
        return entry.expiresAt().toEpochMilli() - spread;
    }

    /** The state without chance. */
    static Freshness of(Lifetime lifetime, Duration age) {
        long past = age.minus(lifetime.fresh()).toMillis();
        if (age.compareTo(lifetime.fresh()) < 0) {
            return FRESH;
        }
        if (past < lifetime.staleWhileRevalidate().toMillis()) {
            return STALE_WHILE_REVALIDATE;
        }
        return past < lifetime.staleIfError().toMillis() ? STALE_IF_ERROR : GONE;
    }

    /** As {@link #of(Lifetime, Duration)}, with a chance that grows towards the end. The beta is 0 for none, 1 by theory. */
    static Freshness of(Lifetime lifetime, Duration age, Duration cost, double beta, RandomGenerator random) {
        Freshness certain = of(lifetime, age);
        double scaleMillis = beta * cost.toNanos() / 1e6;
        double leftMillis = lifetime.fresh().minus(age).toNanos() / 1e6;
        if (certain != FRESH || leftMillis > scaleMillis * NEGLIGIBLE) {
            return certain;
        }
        double chance = 1 - random.nextDouble();
        return -scaleMillis * Math.log(chance) >= leftMillis ? FRESH_BUT_DUE : FRESH;
    }
}
