package dev.sluice.metrics.usage;

import dev.sluice.metrics.usage.UsageKey.Range;
import java.time.Instant;
import java.util.function.Supplier;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/** Reads the pages of this instance's partitions. */
public final class UsageReader {
    private final Supplier<ReadOnlyKeyValueStore<String, UsagePage>> store;

    /** The store is asked for at each query, because a rebalance replaces it. */
    public UsageReader(Supplier<ReadOnlyKeyValueStore<String, UsagePage>> store) {
        this.store = store;
    }

    /** Is told of what was used. */
    public interface Visitor {
        /**
         * Something was used; more than once for a key, group and start when several partitions have a part of it.
         *
         * @param start of the minute or day
         */
        void used(String keyId, String group, Instant start, UsageTally tally);
    }

    /**
     * Tells what a tenant used; takes some microseconds a page, so call it where blocking is allowed.
     *
     * @param keyId the only API key to look at; null for all
     * @param from the earliest start of a minute or day
     * @param to behind the latest one
     */
    public void read(
            String tenant, @Nullable String keyId, UsageScale scale, Instant from, Instant to, Visitor visitor) {
        Range range = keyId == null ? UsageKey.rangeOf(tenant, scale) : UsageKey.rangeOf(tenant, scale, keyId);
        long firstPage = scale.pageOf(from);
        long lastPage = scale.pageOf(to);
        // Never by key: each task has a part of a page, and of one key only one part would be found.
        try (KeyValueIterator<String, UsagePage> pages = store.get().range(range.from(), range.to())) {
            while (pages.hasNext()) {
                KeyValue<String, UsagePage> page = pages.next();
                UsageKey key = UsageKey.ofStoreKey(page.key);
                if (key.page() >= firstPage && key.page() <= lastPage) {
                    visit(key, page.value, from, to, visitor);
                }
            }
        }
    }

    private static void visit(UsageKey key, UsagePage page, Instant from, Instant to, Visitor visitor) {
        page.slots().forEach((slot, tally) -> {
            Instant start = key.scale().startOf(key.page(), slot);
            if (!start.isBefore(from) && start.isBefore(to)) {
                visitor.used(key.keyId(), key.group(), start, tally);
            }
        });
    }
}
