package dev.sluice.webhook.delivery;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.LongSupplier;

/** A monotonic clock and its alarms; time passes only when it is told to. */
final class SimulatedTime implements Alarm, LongSupplier {

    private record Call(long atNanos, long number, Runnable what) {}

    private final PriorityQueue<Call> calls =
            new PriorityQueue<>(Comparator.comparingLong(Call::atNanos).thenComparingLong(Call::number));
    // Near the end of the range: what compares times instead of their differences goes wrong.
    private long nanos = Long.MAX_VALUE - 1_000_000_000L;
    private long asked;

    @Override
    public long getAsLong() {
        return nanos;
    }

    @Override
    public Runnable in(long wait, Runnable what) {
        // Relative to the start, so that it can be ordered.
        Call call = new Call(elapsed() + wait, asked++, what);
        calls.add(call);
        return () -> calls.remove(call);
    }

    /** Since the beginning. */
    long elapsed() {
        return nanos - (Long.MAX_VALUE - 1_000_000_000L);
    }

    /** Calls whatever is due by then, each at its time. */
    void advance(long by) {
        long until = elapsed() + by;
        for (Call next = calls.peek(); next != null && next.atNanos() <= until; next = calls.peek()) {
            calls.remove();
            nanos += Math.max(0, next.atNanos() - elapsed());
            next.what().run();
        }
        nanos += until - elapsed();
    }

    /** Calls that were asked for so far. */
    long asked() {
        return asked;
    }

    /** Calls to come. */
    int pending() {
        return calls.size();
    }
}
