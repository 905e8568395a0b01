package dev.sluice.cache.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.cache.engine.Quota;
import dev.sluice.cache.engine.Quotas.Terms;
import dev.sluice.cache.engine.RedisLedgers.Usage;
import org.jspecify.annotations.Nullable;

/**
 * How much of its quota a namespace uses; what has no bound has no {@code limit}.
 *
 * @param complete whether all entries were counted at least once; else they may be more
 * @param tenant all namespaces of the tenant together, if its tier has a quota
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record NamespaceUsage(
        String namespace,
        Used entries,
        Used bytes,
        boolean complete,
        @Nullable TenantUsage tenant) {

    static NamespaceUsage of(String namespace, Quota quota, Usage usage) {
        return new NamespaceUsage(
                namespace,
                Used.of(usage.entries(), quota.maxEntries()),
                Used.of(usage.bytes(), quota.maxBytes()),
                usage.complete(),
                null);
    }

    /** With that of the tenant; where the tenant is counted, all of its namespaces are. */
    NamespaceUsage of(Terms terms, Usage all) {
        TenantUsage whole = new TenantUsage(
                Used.of(all.entries(), terms.tenant().maxEntries()),
                Used.of(all.bytes(), terms.tenant().maxBytes()),
                all.complete());
        return new NamespaceUsage(namespace, entries, bytes, complete || all.complete(), whole);
    }

    /** As {@link NamespaceUsage}, of all namespaces. */
    record TenantUsage(Used entries, Used bytes, boolean complete) {}

    /** What is used of how much. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Used(long used, @Nullable Long limit) {

        private static Used of(long used, long limit) {
            return new Used(used, limit == Quota.UNBOUNDED ? null : limit);
        }
    }
}
