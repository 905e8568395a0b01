package dev.sluice.cache.namespace;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.cache.origin.OriginView;
import dev.sluice.record.CacheNamespace;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A namespace as the API shows it: what was laid down; what was not is left out. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NamespaceView(
        String name,
        @Nullable Duration defaultTtl,
        @Nullable Duration maxTtl,
        @Nullable Double ttlJitter,
        @Nullable Duration staleWhileRevalidate,
        @Nullable Duration staleIfError,
        @Nullable Duration negativeTtl,
        @Nullable Duration maxIdle,
        @Nullable Long maxValueBytes,
        @Nullable Long maxEntries,
        @Nullable Long maxBytes,
        @Nullable OriginView origin,
        String writesWithoutRedis,
        Instant createdAt,
        Instant updatedAt) {

    static NamespaceView of(CacheNamespace record) {
        return new NamespaceView(
                record.getName(),
                span(record.getDefaultTtlMillis()),
                span(record.getMaxTtlMillis()),
                record.getTtlJitter(),
                span(record.getStaleWhileRevalidateMillis()),
                span(record.getStaleIfErrorMillis()),
                span(record.getNegativeTtlMillis()),
                span(record.getMaxIdleMillis()),
                record.getMaxValueBytes(),
                record.getMaxEntries(),
                record.getMaxBytes(),
                record.getOrigin() == null ? null : OriginView.of(record.getOrigin()),
                WritesWithoutRedis.of(record.getWritesWithoutRedis()).text(),
                record.getCreatedAt(),
                record.getUpdatedAt());
    }

    private static @Nullable Duration span(@Nullable Long millis) {
        return millis == null ? null : Duration.ofMillis(millis);
    }
}
