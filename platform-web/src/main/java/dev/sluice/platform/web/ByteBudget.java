package dev.sluice.platform.web;

import java.util.concurrent.atomic.AtomicLong;

/** How many bytes may be in memory at once for one purpose, as of requests until their answer. Thread-safe; never waits. */
public final class ByteBudget {

    private final long max;
    private final AtomicLong used = new AtomicLong();

    public ByteBudget(long max) {
        this.max = max;
    }

    /** Whether there was room, which is now taken. */
    public boolean tryReserve(long bytes) {
        long before = used.get();
        // Not added first and taken back after: meanwhile it would refuse others that fit.
        while (bytes <= max - before) {
            long seen = used.compareAndExchange(before, before + bytes);
            if (seen == before) {
                return true;
            }
            before = seen;
        }
        return false;
    }

    public void release(long bytes) {
        used.addAndGet(-bytes);
    }

    public long used() {
        return used.get();
    }
}
