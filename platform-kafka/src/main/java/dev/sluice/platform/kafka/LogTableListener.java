package dev.sluice.platform.kafka;

import org.jspecify.annotations.Nullable;

/** Learns of every change of a {@link LogTable}, the initial load included. */
@FunctionalInterface
public interface LogTableListener<V> {
    /**
     * Called on the table's thread, in the order of the log, after the change is visible; must be quick.
     *
     * @param before null when there was no entry
     * @param after null when the entry was removed
     */
    void onChange(String key, @Nullable V before, @Nullable V after);
}
