package dev.sluice.webhook.delivery;

/**
 * How many requests at once an endpoint bears: additive increase, multiplicative decrease (Chiu and Jain 1989; RFC 5681). An answer that
 * says it is too much halves it, once for all requests that were under way then; as many successes as it is at once add one. Not
 * thread-safe.
 */
final class Congestion {

    /** More than the lanes of one endpoint give out. */
    static final int MOST = 64;

    private double limit;
    private boolean decreased;
    private long decreasedAtNanos;

    /** @param atOnce requests that were under way when it was too much for the first time */
    Congestion(int atOnce) {
        limit = Math.clamp(atOnce, 1, MOST);
    }

    /** A request that was begun then was too much. */
    void throttled(long begunNanos, long nowNanos) {
        if (decreased && begunNanos - decreasedAtNanos < 0) {
            return;
        }
        decreased = true;
        decreasedAtNanos = nowNanos;
        limit = Math.max(1, limit / 2);
    }

    void succeeded() {
        limit = Math.min(MOST, limit + 1 / limit);
    }

    int limit() {
        return (int) limit;
    }

    /** Whether it limits nothing any more. */
    boolean isOver() {
        return limit >= MOST;
    }
}
