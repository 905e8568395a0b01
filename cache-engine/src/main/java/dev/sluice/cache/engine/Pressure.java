package dev.sluice.cache.engine;

import dev.sluice.cache.engine.CacheStatistics.Memory;
import dev.sluice.cache.engine.MemoryGauge.Reading;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets the first level shrink and grow with what collections of garbage leave. */
final class Pressure {

    private static final Logger log = LoggerFactory.getLogger(Pressure.class);

    /** Nothing was measured. */
    private static final double UNKNOWN = -1;

    private final FirstLevel first;
    private final PressurePolicy policy;
    private final LongAdder shrunk = new LongAdder();
    private final LongAdder grown = new LongAdder();
    private volatile double used = UNKNOWN;

    Pressure(FirstLevel first, PressurePolicy policy) {
        this.first = first;
        this.policy = policy;
    }

    synchronized void measured(Reading reading) {
        used = reading.used();
        long before = first.maxWeight();
        long now = policy.next(before, first.weight(), reading);
        if (now == before) {
            return;
        }
        first.limit(now);
        if (now < before) {
            shrunk.increment();
            log.warn("memory is short: the first level may weigh {} bytes, of {}", now, policy.full());
        } else {
            grown.increment();
            log.info("memory is free again: the first level may weigh {} bytes, of {}", now, policy.full());
        }
    }

    /** Of the memory that there can be, after the last collection; NaN before the first. */
    double used() {
        return used == UNKNOWN ? Double.NaN : used;
    }

    long shrunk() {
        return shrunk.sum();
    }

    long grown() {
        return grown.sum();
    }

    Memory soFar() {
        double last = used;
        return new Memory(
                last == UNKNOWN ? OptionalDouble.empty() : OptionalDouble.of(last),
                policy.full(),
                policy.floor(),
                shrunk(),
                grown());
    }
}
