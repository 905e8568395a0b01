package dev.sluice.cache.engine;

import java.time.Duration;

/**
 * What an operator may choose.
 *
 * @param firstLevelMaxBytes weight of the first level: keys, values and an estimate of what holds them
 * @param maxTtl longest life that a put may ask for
 * @param ttlJitter part of a life, 0 to below 1, by which it may be shortened at random; 0 leaves it exact
 * @param secondLevelDeadline for one call of the second level
 * @param breakerFailures this many calls without an answer, each begun after the one before had failed, open the breaker
 * @param breakerPause how long the open breaker waits before it lets one call through
 * @param earlyRefresh beta of XFetch, 0 to 4: how far before its end an entry is made anew by chance; 0 never, 1 by theory
 * @param leaseLife how long the one who makes a value may take before another may try
 */
public record CacheSettings(
        long firstLevelMaxBytes,
        Duration maxTtl,
        double ttlJitter,
        Duration secondLevelDeadline,
        int breakerFailures,
        Duration breakerPause,
        double earlyRefresh,
        Duration leaseLife) {

    static final double MAX_EARLY_REFRESH = 4;

    public CacheSettings {
        require(firstLevelMaxBytes > 0, "firstLevelMaxBytes must be positive");
        require(maxTtl.toMillis() > 0, "maxTtl must be at least 1 ms");
        require(ttlJitter >= 0 && ttlJitter < 1, "ttlJitter must be 0 to below 1");
        require(secondLevelDeadline.isPositive(), "secondLevelDeadline must be positive");
        require(breakerFailures > 0, "breakerFailures must be positive");
        require(breakerPause.isPositive(), "breakerPause must be positive");
        require(
                earlyRefresh >= 0 && earlyRefresh <= MAX_EARLY_REFRESH,
                "earlyRefresh must be 0 to " + MAX_EARLY_REFRESH);
        require(
                leaseLife.toMillis() > 0 && leaseLife.compareTo(Lease.MAX_LIFE) <= 0,
                "leaseLife must be 1 ms to " + Lease.MAX_LIFE);
    }

    public static CacheSettings defaults() {
        return new CacheSettings(
                64L * 1024 * 1024,
                Duration.ofDays(30),
                0,
                Duration.ofMillis(250),
                3,
                Duration.ofSeconds(1),
                1,
                Duration.ofSeconds(10));
    }

    public CacheSettings withFirstLevelMaxBytes(long bytes) {
        return new CacheSettings(
                bytes, maxTtl, ttlJitter, secondLevelDeadline, breakerFailures, breakerPause, earlyRefresh, leaseLife);
    }

    public CacheSettings withTtlJitter(double jitter) {
        return new CacheSettings(
                firstLevelMaxBytes,
                maxTtl,
                jitter,
                secondLevelDeadline,
                breakerFailures,
                breakerPause,
                earlyRefresh,
                leaseLife);
    }

    public CacheSettings withSecondLevelDeadline(Duration deadline) {
        return new CacheSettings(
                firstLevelMaxBytes,
                maxTtl,
                ttlJitter,
                deadline,
                breakerFailures,
                breakerPause,
                earlyRefresh,
                leaseLife);
    }

    public CacheSettings withBreaker(int failures, Duration pause) {
        return new CacheSettings(
                firstLevelMaxBytes, maxTtl, ttlJitter, secondLevelDeadline, failures, pause, earlyRefresh, leaseLife);
    }

    public CacheSettings withEarlyRefresh(double beta) {
        return new CacheSettings(
                firstLevelMaxBytes,
                maxTtl,
                ttlJitter,
                secondLevelDeadline,
                breakerFailures,
                breakerPause,
                beta,
                leaseLife);
    }

    public CacheSettings withLeaseLife(Duration life) {
        return new CacheSettings(
                firstLevelMaxBytes,
                maxTtl,
                ttlJitter,
                secondLevelDeadline,
                breakerFailures,
                breakerPause,
                earlyRefresh,
                life);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
