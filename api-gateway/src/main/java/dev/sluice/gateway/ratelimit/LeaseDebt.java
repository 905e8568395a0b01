package dev.sluice.gateway.ratelimit;

import static java.lang.Math.max;
import static java.lang.Math.min;

/** What one gateway admitted to a rate while it could not ask the shared counts. Not thread-safe. */
final class LeaseDebt {

    private static final long UNIT = 1_000_000;

    /** Millionths of a cost unit. */
    private long amount;

    private long at;

    boolean isEmpty() {
        return amount == 0;
    }

    /** The moment it was computed for. */
    long at() {
        return at;
    }

    void add(Gcra gcra, long cost, long now) {
        amount = min(amount + cost * UNIT, gcra.burst() * UNIT);
        at = now;
    }

    /**
     * Brings it to the present. The bucket that all gateways fill drains once, not for the debt and for what the counts know
     * at the same time.
     *
     * @param known the level that the counts know, at the moment it was computed for
     */
    void drain(Gcra gcra, long known, long now) {
        long elapsed = now - at;
        boolean drained = elapsed > (known + amount) / gcra.quota();
        amount = drained ? 0 : amount - max(0, elapsed * gcra.quota() - known);
        at = now;
    }

    /** Takes all of it, in cost units. */
    long take() {
        long units = Math.ceilDiv(amount, UNIT);
        amount = 0;
        return units;
    }
}
