package dev.sluice.cache.engine;

import com.github.benmanes.caffeine.cache.Ticker;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Tells readers of copies on this node what time it is. A look at the clock costs half as much as all else that such a read does,
 * and one that is timed takes two. So while there are many, one in {@link #SAMPLE} of them is timed, by chance; the others
 * take the moment that a thread has looked up within the last millisecond or so, and count with what the last one took that was
 * timed. While reads are fewer each is timed, and there is no such thread. Thread-safe.
 */
final class HitClock implements AutoCloseable {

    /** In place of the moment at which a read began, when it is not to be timed. */
    static final long UNTIMED = Long.MIN_VALUE;

    /** A power of two. */
    static final int SAMPLE = 16;

    /** More reads in a second are many. */
    static final long MANY = 100_000;

    /** By so much the moment that was looked up may be in the past; a copy whose end is nearer is read by the clock itself. */
    static final long MARGIN_MILLIS = 20;

    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final double MANY_A_NANO = (double) MANY / TimeUnit.SECONDS.toNanos(1);

    /** So many windows in a row without many reads, and each is timed again. */
    private static final int CALM_WINDOWS = 10;

    private final Ticker ticker;
    private final LongSupplier reads;
    private final Consumer<Runnable> threads;
    private final AtomicBoolean counting = new AtomicBoolean();
    private volatile boolean many;
    private volatile boolean closed;
    private volatile long moment;
    private volatile long latency;
    private volatile long windowStart;
    private long readsAtStart;
    private int calmWindows;

    /**
     * One that times every read until there are many.
     *
     * @param reads how many copies have answered so far
     * @param threads where what looks at the clock runs while there are many
     */
    HitClock(Ticker ticker, LongSupplier reads, Consumer<Runnable> threads) {
        this.ticker = ticker;
        this.reads = reads;
        this.threads = threads;
        windowStart = ticker.read();
    }

    /** Of the system's ticker. Any other is asked at each read: somebody else moves it, and is to see what that does. */
    static HitClock of(Ticker ticker, LongSupplier reads) {
        return ticker.equals(Ticker.systemTicker())
                ? new HitClock(
                        ticker,
                        reads,
                        work -> Thread.ofPlatform().daemon().name("cache-clock").start(work))
                : new HitClock(ticker, () -> 0, work -> {});
    }

    /** A read begins: when, or {@link #UNTIMED}. */
    long begin() {
        return many && (ThreadLocalRandom.current().nextInt() & SAMPLE - 1) != 0 ? UNTIMED : ticker.read();
    }

    /** When a read began or, of one that is not timed, a moment that was just now. */
    long moment(long begun) {
        return begun == UNTIMED ? moment : begun;
    }

    /** When a read began that takes long enough to be timed after all. */
    long timed(long begun) {
        return begun == UNTIMED ? ticker.read() : begun;
    }

    /** When a read ended, as {@link #moment}. */
    long end(long begun) {
        if (begun == UNTIMED) {
            return moment;
        }
        long now = ticker.read();
        if (many) {
            latency = now - begun;
            if (now - moment > TICK_NANOS) {
                // The thread is late.
                moment = now;
            }
        } else if (now - windowStart >= WINDOW_NANOS) {
            count(now, now - begun);
        }
        return now;
    }

    /** When a read began that ended then: what lies between is what it took, or the last one that was timed. */
    long begun(long begun, long end) {
        return begun == UNTIMED ? end - latency : begun;
    }

    private void count(long now, long took) {
        if (!closed && counting.compareAndSet(false, true)) {
            if (areMany(now)) {
                latency = took;
                moment = now;
                calmWindows = 0;
                many = true;
                threads.accept(this::tick);
            } else {
                counting.set(false);
            }
        }
    }

    /** Since this was asked last. */
    private boolean areMany(long now) {
        long soFar = reads.getAsLong();
        boolean are = soFar - readsAtStart > MANY_A_NANO * (now - windowStart);
        readsAtStart = soFar;
        windowStart = now;
        return are;
    }

    private void tick() {
        do {
            LockSupport.parkNanos(this, TICK_NANOS);
        } while (look());
    }

    /** Looks at the clock for all; false when that is over. */
    boolean look() {
        long now = ticker.read();
        moment = now;
        if (now - windowStart >= WINDOW_NANOS) {
            calmWindows = areMany(now) ? 0 : calmWindows + 1;
        }
        if (calmWindows < CALM_WINDOWS && !closed) {
            return true;
        }
        many = false;
        counting.set(false);
        return false;
    }

    @Override
    public void close() {
        closed = true;
    }
}
