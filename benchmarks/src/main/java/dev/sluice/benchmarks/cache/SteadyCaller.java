package dev.sluice.benchmarks.cache;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** Makes one call after the other, with a pause behind each, and keeps how long each took, by the phase it began in. */
final class SteadyCaller implements AutoCloseable {

    private static final long PAUSE_NANOS = 1_000_000;

    private final String name;
    private final Call call;
    private final Thread thread;
    private final AtomicReference<Waits> waits = new AtomicReference<>(new Waits());
    private volatile boolean closing;

    /** What is called. */
    interface Call {
        void make() throws IOException;
    }

    SteadyCaller(String name, Call call) {
        this.name = name;
        this.call = call;
        this.thread = Thread.ofPlatform().name(name).daemon().start(this::run);
    }

    /** The times since the last phase began; another begins. */
    Waits nextPhase() {
        return waits.getAndSet(new Waits());
    }

    String name() {
        return name;
    }

    @Override
    public void close() {
        closing = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!closing) {
            Waits phase = waits.get();
            long start = System.nanoTime();
            try {
                call.make();
            } catch (IOException e) {
                throw new IllegalStateException("no answer for " + name, e);
            }
            phase.add(System.nanoTime() - start);
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** Times in nanoseconds; added to by one thread, read by another when that is at the next phase. */
    static final class Waits {

        private static final double NANOS_A_MILLI = 1e6;

        private long[] nanos = new long[1 << 16];
        private int count;

        private synchronized void add(long wait) {
            if (count == nanos.length) {
                nanos = Arrays.copyOf(nanos, 2 * count);
            }
            nanos[count++] = wait;
        }

        synchronized int count() {
            return count;
        }

        /** In milliseconds: the smallest that so large a part is not above. */
        synchronized double quantile(double part) {
            long[] sorted = Arrays.copyOf(nanos, count);
            Arrays.sort(sorted);
            return sorted[Math.max(0, (int) Math.ceil(part * count) - 1)] / NANOS_A_MILLI;
        }
    }
}
