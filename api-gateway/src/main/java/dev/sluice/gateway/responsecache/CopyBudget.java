package dev.sluice.gateway.responsecache;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicLong;

/** How much memory the bodies may take together that are being copied while they pass. Thread-safe. */
final class CopyBudget {

    private final long maxBytes;
    private final AtomicLong taken = new AtomicLong();
    private final Counter refused;

    CopyBudget(long maxBytes, MeterRegistry meters) {
        this.maxBytes = maxBytes;
        this.refused = Counter.builder("sluice.responsecache.copies.refused")
                .description("answers that were not kept since too many others were being copied")
                .register(meters);
        Gauge.builder("sluice.responsecache.copies", taken, AtomicLong::get)
                .description("bodies that are being copied to be kept, all together")
                .baseUnit("bytes")
                .register(meters);
    }

    /** Whether there was room; who was refused gives back what it has. */
    boolean tryTake(int bytes) {
        if (taken.addAndGet(bytes) <= maxBytes) {
            return true;
        }
        taken.addAndGet(-bytes);
        refused.increment();
        return false;
    }

    void giveBack(int bytes) {
        taken.addAndGet(-bytes);
    }

    long taken() {
        return taken.get();
    }
}
