package dev.sluice.cache.engine;

import java.util.function.Consumer;
import reactor.core.Disposable;

/** Tells how much memory is really in use: after collections of garbage, since before them nobody knows. */
@FunctionalInterface
public interface MemoryGauge {

    /** Never tells anything: the first level keeps its size. */
    MemoryGauge NONE = listener -> () -> {};

    /** From now on the listener is told after each collection that says something, one after the other, until the answer is disposed of. */
    Disposable watch(Consumer<Reading> listener);

    /** The heap of this process, whatever its collector. */
    static MemoryGauge ofHeap() {
        return new HeapGauge();
    }

    /**
     * What a collection has left.
     *
     * @param liveBytes that could not be freed
     * @param maxBytes that there can be
     */
    record Reading(long liveBytes, long maxBytes) {
        public Reading {
            if (liveBytes < 0 || maxBytes < 1) {
                throw new IllegalArgumentException("liveBytes must not be negative, maxBytes must be positive");
            }
        }

        double used() {
            return (double) liveBytes / maxBytes;
        }
    }
}
