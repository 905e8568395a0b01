package dev.sluice.cache.namespace;

import dev.sluice.cache.engine.Lifetime;
import dev.sluice.cache.engine.Quota;
import dev.sluice.cache.origin.Origin;
import dev.sluice.record.CacheNamespace;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What holds in a namespace. Pure.
 *
 * @param defaultTtl how long a value is fresh when its put does not say
 * @param maxTtl longest life that may be asked for, stale spans included
 * @param ttlJitter part of a life by which it may be shortened at random; empty for that of the node
 * @param staleWhileRevalidate how long a value is served stale while it is made anew, when its put does not say
 * @param staleIfError how long a value is served stale after errors, when its put does not say
 * @param negativeTtl how long it is known that the origin has no value, when nobody says
 * @param maxValueBytes largest value; empty for that of the node
 * @param origin where values come from that nobody has put
 * @param writesWithoutRedis what becomes of writes while Redis is away
 * @param quota how much its entries may take together
 * @param maxIdle how long a value is kept that nobody reads, when its put does not say; zero for all its life
 */
public record NamespaceRules(
        Duration defaultTtl,
        Duration maxTtl,
        Optional<Double> ttlJitter,
        Duration staleWhileRevalidate,
        Duration staleIfError,
        Duration negativeTtl,
        Optional<Long> maxValueBytes,
        Optional<Origin> origin,
        WritesWithoutRedis writesWithoutRedis,
        Quota quota,
        Duration maxIdle) {

    /** Longest life of all. */
    public static final Duration LONGEST_TTL = Duration.ofDays(30);

    /** How long values are fresh where nobody says. */
    public static final Duration USUAL_TTL = Duration.ofHours(24);

    /** Of namespaces for which nothing is laid down. */
    public static final NamespaceRules USUAL = new NamespaceRules(
            USUAL_TTL,
            LONGEST_TTL,
            Optional.empty(),
            Duration.ZERO,
            Duration.ZERO,
            USUAL_TTL,
            Optional.empty(),
            Optional.empty(),
            WritesWithoutRedis.REFUSED,
            Quota.NONE,
            Duration.ZERO);

    static NamespaceRules of(CacheNamespace record) {
        Duration maxTtl = millis(record.getMaxTtlMillis(), LONGEST_TTL);
        Duration defaultTtl = millis(record.getDefaultTtlMillis(), shorter(USUAL_TTL, maxTtl));
        return new NamespaceRules(
                defaultTtl,
                maxTtl,
                Optional.ofNullable(record.getTtlJitter()),
                millis(record.getStaleWhileRevalidateMillis(), Duration.ZERO),
                millis(record.getStaleIfErrorMillis(), Duration.ZERO),
                millis(record.getNegativeTtlMillis(), defaultTtl),
                Optional.ofNullable(record.getMaxValueBytes()),
                Optional.ofNullable(record.getOrigin()).map(origin -> Origin.of(record, origin)),
                WritesWithoutRedis.of(record.getWritesWithoutRedis()),
                PlanTable.quotaOf(record.getMaxEntries(), record.getMaxBytes()),
                millis(record.getMaxIdleMillis(), Duration.ZERO));
    }

    /** How long a value is kept of which nobody says how long. */
    public Lifetime usualLifetime() {
        return lifetime(defaultTtl, null, null);
    }

    /** How long an absence is kept of which nobody says how long. */
    public Lifetime negativeLifetime() {
        return Lifetime.of(negativeTtl);
    }

    /** With the usual stale spans for those that nobody says, as long as the longest life leaves room for them. */
    public Lifetime lifetime(
            Duration fresh, @Nullable Duration askedStaleWhileRevalidate, @Nullable Duration askedStaleIfError) {
        Duration room = fresh.compareTo(maxTtl) < 0 ? maxTtl.minus(fresh) : Duration.ZERO;
        return new Lifetime(
                fresh,
                askedStaleWhileRevalidate == null ? shorter(staleWhileRevalidate, room) : askedStaleWhileRevalidate,
                askedStaleIfError == null ? shorter(staleIfError, room) : askedStaleIfError,
                maxIdle);
    }

    /** As {@link #lifetime}, of what an origin says, which is cut to what the namespace allows. */
    Lifetime lifetimeWithin(
            Duration fresh, Optional<Duration> saidStaleWhileRevalidate, Optional<Duration> saidStaleIfError) {
        Duration room = maxTtl.minus(fresh);
        return new Lifetime(
                fresh,
                shorter(saidStaleWhileRevalidate.orElse(staleWhileRevalidate), room),
                shorter(saidStaleIfError.orElse(staleIfError), room),
                maxIdle);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static Duration millis(@Nullable Long value, Duration otherwise) {
        return value == null ? otherwise : Duration.ofMillis(value);
    }
}
