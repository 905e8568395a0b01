package dev.sluice.metrics.topology;

import dev.sluice.record.Rollup;

/** The keys of rollups: the newest record of a key is the whole truth about a window. */
public final class RollupKeys {
    private RollupKeys() {}

    /** {@code tenant|dimension|name|window start|window seconds}; the start in seconds since 1970. */
    public static String of(Rollup rollup) {
        return String.join(
                "|",
                rollup.getTenant(),
                rollup.getDimension().name(),
                rollup.getName(),
                Long.toString(rollup.getWindowStart().getEpochSecond()),
                Long.toString(rollup.getWindowSeconds()));
    }
}
