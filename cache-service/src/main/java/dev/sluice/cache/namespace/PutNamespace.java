package dev.sluice.cache.namespace;

import dev.sluice.cache.origin.PutOrigin;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.record.CacheNamespace;
import dev.sluice.record.CacheOrigin;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a tenant lays down for a namespace, as it was sent; spans are ISO 8601 durations. What is left out is as usual. */
public record PutNamespace(
        @Nullable String defaultTtl,
        @Nullable String maxTtl,
        @Nullable Double ttlJitter,
        @Nullable String staleWhileRevalidate,
        @Nullable String staleIfError,
        @Nullable String negativeTtl,
        @Nullable String maxIdle,
        @Nullable Long maxValueBytes,
        @Nullable Long maxEntries,
        @Nullable Long maxBytes,
        @Nullable PutOrigin origin,
        @Nullable String writesWithoutRedis) {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final double MAX_JITTER = 0.9;

    /** More than any Redis holds, and exact in a score of Redis with room for sums. */
    private static final long LARGEST_QUOTA = 1L << 50;

    /**
     * The record of it. Refuses what cannot be, and what cannot be together.
     *
     * @param largestValue what this node takes at most, in bytes
     * @param sealedOrigin the record of the origin
     */
    CacheNamespace toRecord(
            String tenant,
            String name,
            Instant createdAt,
            Instant updatedAt,
            long largestValue,
            @Nullable CacheOrigin sealedOrigin) {
        CacheNamespace record = CacheNamespace.newBuilder()
                .setTenant(tenant)
                .setName(name)
                .setDefaultTtlMillis(millis("defaultTtl", defaultTtl, SECOND))
                .setMaxTtlMillis(millis("maxTtl", maxTtl, SECOND))
                .setTtlJitter(ttlJitter)
                .setStaleWhileRevalidateMillis(millis("staleWhileRevalidate", staleWhileRevalidate, Duration.ZERO))
                .setStaleIfErrorMillis(millis("staleIfError", staleIfError, Duration.ZERO))
                .setNegativeTtlMillis(millis("negativeTtl", negativeTtl, SECOND))
                .setMaxValueBytes(maxValueBytes)
                .setMaxEntries(quota("maxEntries", maxEntries))
                .setMaxBytes(quota("maxBytes", maxBytes))
                .setMaxIdleMillis(millis("maxIdle", maxIdle, SECOND))
                .setOrigin(sealedOrigin)
                .setWritesWithoutRedis(withoutRedis().recorded())
                .setCreatedAt(createdAt)
                .setUpdatedAt(updatedAt)
                .build();
        if (ttlJitter != null && !(ttlJitter >= 0 && ttlJitter <= MAX_JITTER)) {
            throw invalid("ttlJitter", "Send a number from 0 to " + MAX_JITTER + ".");
        }
        if (maxValueBytes != null && (maxValueBytes < 1 || maxValueBytes > largestValue)) {
            throw invalid("maxValueBytes", "Send a whole number from 1 to " + largestValue + ".");
        }
        requireRoom(NamespaceRules.of(record));
        return record;
    }

    private static @Nullable Long quota(String field, @Nullable Long most) {
        if (most != null && (most < 1 || most > LARGEST_QUOTA)) {
            throw invalid(field, "Send a whole number from 1 to " + LARGEST_QUOTA + ", or leave it out for no quota.");
        }
        return most;
    }

    private WritesWithoutRedis withoutRedis() {
        return writesWithoutRedis == null
                ? WritesWithoutRedis.REFUSED
                : WritesWithoutRedis.of(writesWithoutRedis)
                        .orElseThrow(() -> invalid("writesWithoutRedis", "Send refuse or first-level."));
    }

    private static void requireRoom(NamespaceRules rules) {
        requireWithin("defaultTtl", rules.defaultTtl(), rules);
        requireWithin("negativeTtl", rules.negativeTtl(), rules);
        requireWithin("maxIdle", rules.maxIdle(), rules);
        requireWithin("staleWhileRevalidate", rules.defaultTtl().plus(rules.staleWhileRevalidate()), rules);
        requireWithin("staleIfError", rules.defaultTtl().plus(rules.staleIfError()), rules);
    }

    private static void requireWithin(String field, Duration life, NamespaceRules rules) {
        if (life.compareTo(rules.maxTtl()) > 0) {
            throw invalid(
                    field,
                    "A life may be " + rules.maxTtl() + " at most with its stale span; send less, or a longer maxTtl.");
        }
    }

    private static @Nullable Long millis(String field, @Nullable String text, Duration min) {
        if (text == null) {
            return null;
        }
        try {
            Duration span = Duration.parse(text);
            if (span.compareTo(min) >= 0 && span.compareTo(NamespaceRules.LONGEST_TTL) <= 0) {
                return span.toMillis();
            }
        } catch (DateTimeException _) {
            // Answered below, with the bounds.
        }
        throw invalid(
                field,
                "Send an ISO 8601 duration from " + min + " to " + NamespaceRules.LONGEST_TTL + ", such as PT1H.");
    }

    private static ProblemException invalid(String field, String detail) {
        return ProblemException.ofField(ProblemType.INVALID_FIELD, field, detail);
    }
}
