package dev.sluice.metrics.usage;

import dev.sluice.metrics.usage.UsageKey.Range;
import java.time.Instant;
import java.util.Set;
import java.util.function.IntFunction;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/** Reads the pages of partitions that this instance has. */
public final class UsageReader {
    private final IntFunction<ReadOnlyKeyValueStore<String, UsagePage>> stores;

    /** @param stores by partition; asked for at each query, because a rebalance replaces them */
    public UsageReader(IntFunction<ReadOnlyKeyValueStore<String, UsagePage>> stores) {
        this.stores = stores;
    }

    /**
     * Which pages are read.
     *
     * @param keyId the only API key to look at; null for all
     * @param from the earliest start of a minute or day
     * @param to behind the latest one
     */
    public record Selection(String tenant, @Nullable String keyId, UsageScale scale, Instant from, Instant to) {
        private Range range() {
            return keyId == null ? UsageKey.rangeOf(tenant, scale) : UsageKey.rangeOf(tenant, scale, keyId);
        }

        private boolean hasPage(UsageKey key) {
            return key.page() >= scale.pageOf(from) && key.page() <= scale.pageOf(to);
        }
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
     * Tells what a tenant used, as far as these partitions know; takes some microseconds a page, so call it where blocking is
     * allowed.
     */
    public void read(Set<Integer> partitions, Selection selection, Visitor visitor) {
        for (int partition : partitions) {
            read(stores.apply(partition), selection, visitor);
        }
    }

    private static void read(ReadOnlyKeyValueStore<String, UsagePage> store, Selection selection, Visitor visitor) {
        Range range = selection.range();
        try (KeyValueIterator<String, UsagePage> pages = store.range(range.from(), range.to())) {
            while (pages.hasNext()) {
                KeyValue<String, UsagePage> page = pages.next();
                UsageKey key = UsageKey.ofStoreKey(page.key);
                if (selection.hasPage(key)) {
                    visit(key, page.value, selection, visitor);
                }
            }
        }
    }

    private static void visit(UsageKey key, UsagePage page, Selection selection, Visitor visitor) {
        page.slots().forEach((slot, tally) -> {
            Instant start = key.scale().startOf(key.page(), slot);
            if (!start.isBefore(selection.from()) && start.isBefore(selection.to())) {
                visitor.used(key.keyId(), key.group(), start, tally);
            }
        });
    }
}
