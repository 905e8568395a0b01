package dev.sluice.metrics.query;

import dev.sluice.metrics.tally.CacheDimension;
import dev.sluice.metrics.tally.CacheDimension.KeyRange;
import dev.sluice.metrics.tally.WindowTally;
import java.time.Instant;
import java.util.function.Supplier;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyWindowStore;
import org.jspecify.annotations.Nullable;

/** Reads windows of this instance's partitions and merges them. */
final class CacheStatsReader {
    private final Supplier<ReadOnlyWindowStore<String, WindowTally>> store;

    /** The store is asked for at each query, because a rebalance replaces it. */
    CacheStatsReader(Supplier<ReadOnlyWindowStore<String, WindowTally>> store) {
        this.store = store;
    }

    /**
     * Merges a tenant's windows; takes some microseconds a window, so call it where blocking is allowed.
     *
     * @param namespace the only one to look at; null for all
     * @param from start of the first window
     * @param to start of the last window, at the latest
     */
    CacheStats fetch(String tenant, @Nullable String namespace, Instant from, Instant to) {
        KeyRange range = namespace == null ? CacheDimension.rangeOf(tenant) : CacheDimension.rangeOf(tenant, namespace);
        CacheStats stats = new CacheStats();
        try (KeyValueIterator<Windowed<String>, WindowTally> windows =
                store.get().fetch(range.from(), range.to(), from, to)) {
            while (windows.hasNext()) {
                KeyValue<Windowed<String>, WindowTally> window = windows.next();
                stats.add(CacheDimension.ofStoreKey(window.key.key()), window.value.tally());
            }
        }
        return stats;
    }
}
