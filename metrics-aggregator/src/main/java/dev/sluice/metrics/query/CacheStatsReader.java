package dev.sluice.metrics.query;

import dev.sluice.metrics.tally.CacheDimension;
import dev.sluice.metrics.tally.CacheDimension.KeyRange;
import dev.sluice.metrics.tally.WindowTally;
import java.time.Instant;
import java.util.Set;
import java.util.function.IntFunction;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyWindowStore;
import org.jspecify.annotations.Nullable;

/** Reads windows of partitions that this instance has, and merges them. */
final class CacheStatsReader {
    private final IntFunction<ReadOnlyWindowStore<String, WindowTally>> stores;

    /** @param stores by partition; asked for at each query, because a rebalance replaces them */
    CacheStatsReader(IntFunction<ReadOnlyWindowStore<String, WindowTally>> stores) {
        this.stores = stores;
    }

    /**
     * Merges a tenant's windows; takes some microseconds a window, so call it where blocking is allowed.
     *
     * @param namespace the only one to look at; null for all
     * @param from start of the first window
     * @param to start of the last window, at the latest
     */
    CacheStats fetch(Set<Integer> partitions, String tenant, @Nullable String namespace, Instant from, Instant to) {
        KeyRange range = namespace == null ? CacheDimension.rangeOf(tenant) : CacheDimension.rangeOf(tenant, namespace);
        CacheStats stats = new CacheStats();
        for (int partition : partitions) {
            add(stores.apply(partition).fetch(range.from(), range.to(), from, to), stats);
        }
        return stats;
    }

    private static void add(KeyValueIterator<Windowed<String>, WindowTally> found, CacheStats stats) {
        try (KeyValueIterator<Windowed<String>, WindowTally> windows = found) {
            while (windows.hasNext()) {
                KeyValue<Windowed<String>, WindowTally> window = windows.next();
                stats.add(CacheDimension.ofStoreKey(window.key.key()), window.value.tally());
            }
        }
    }
}
