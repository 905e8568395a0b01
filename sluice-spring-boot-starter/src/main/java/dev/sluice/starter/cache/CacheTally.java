package dev.sluice.starter.cache;

import java.util.concurrent.atomic.LongAdder;

/** Counts what a cache did, for its meters. */
final class CacheTally {

    final LongAdder hits = new LongAdder();
    final LongAdder misses = new LongAdder();
    final LongAdder puts = new LongAdder();
    final LongAdder evictions = new LongAdder();
    /** Read and not understood. */
    final LongAdder undecodable = new LongAdder();
    /** Not kept: no bytes could be made of it, or too many, or it was null. */
    final LongAdder refused = new LongAdder();
    /** Changes that Redis did not make, or may not have made. */
    final LongAdder failed = new LongAdder();
    /** Changes that were made and not confirmed by the log in time. */
    final LongAdder unannounced = new LongAdder();

    void read(Found found) {
        (found.hit() ? hits : misses).increment();
    }
}
