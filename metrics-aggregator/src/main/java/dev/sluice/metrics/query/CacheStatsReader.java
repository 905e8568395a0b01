package dev.sluice.metrics.query;

import dev.sluice.metrics.ladder.KeyRange;
import dev.sluice.metrics.ladder.LadderReader;
import dev.sluice.metrics.ladder.Level;
import dev.sluice.metrics.tally.CacheDimension;
import dev.sluice.metrics.tally.CacheTally;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads windows of partitions that this instance has, and merges them. */
final class CacheStatsReader {
    private final LadderReader<CacheTally> windows;

    CacheStatsReader(LadderReader<CacheTally> windows) {
        this.windows = windows;
    }

    /** The store that has the windows. */
    String store() {
        return windows.ladder().storeOf(windows.ladder().levelOf(Level.MINUTE));
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
            windows.readSum(
                    partition,
                    new LadderReader.Selection(range, from, to),
                    (key, start, tally) -> stats.add(CacheDimension.ofStoreKey(key), tally));
        }
        return stats;
    }
}
