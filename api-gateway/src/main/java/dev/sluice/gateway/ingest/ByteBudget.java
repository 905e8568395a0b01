package dev.sluice.gateway.ingest;

import java.util.concurrent.atomic.AtomicLong;

/** How many bytes of events may be in memory between their arrival and their answer. Thread-safe; never waits. */
final class ByteBudget {

    private final long max;
    private final AtomicLong used = new AtomicLong();

    ByteBudget(long max) {
        this.max = max;
    }

    /** Whether there was room, which is now taken. */
    boolean tryReserve(long bytes) {
        if (used.addAndGet(bytes) <= max) {
            return true;
        }
        used.addAndGet(-bytes);
        return false;
    }

    void release(long bytes) {
        used.addAndGet(-bytes);
    }

    long used() {
        return used.get();
    }
}
