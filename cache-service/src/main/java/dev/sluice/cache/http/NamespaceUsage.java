package dev.sluice.cache.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.cache.engine.Quota;
import dev.sluice.cache.engine.RedisLedgers.Usage;
import org.jspecify.annotations.Nullable;

/**
 * How much of its quota a namespace uses; what has no bound has no {@code limit}.
 *
 * @param complete whether all entries were counted at least once; else they may be more
 */
record NamespaceUsage(String namespace, Used entries, Used bytes, boolean complete) {

    static NamespaceUsage of(String namespace, Quota quota, Usage usage) {
        return new NamespaceUsage(
                namespace,
                Used.of(usage.entries(), quota.maxEntries()),
                Used.of(usage.bytes(), quota.maxBytes()),
                usage.complete());
    }

    /** What is used of how much. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Used(long used, @Nullable Long limit) {

        private static Used of(long used, long limit) {
            return new Used(used, limit == Quota.UNBOUNDED ? null : limit);
        }
    }
}
