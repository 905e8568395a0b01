package dev.sluice.cache.engine;

import java.util.concurrent.atomic.AtomicReference;

/**
 * Decides whether to ask something that may be away: closed until a number of calls in a row had no answer, then open
 * for a while, then half open for one call that closes it or opens it again. Has no clock and no threads; a permit that
 * was given before the last change of state has no say.
 */
final class Breaker {

    static final long REFUSED = -1;

    /** Whether calls are let through: all, one, none. */
    enum State {
        CLOSED,
        HALF_OPEN,
        OPEN
    }

    private final int maxFailures;
    private final long pauseMillis;
    private final AtomicReference<Status> status = new AtomicReference<>(new Status(State.CLOSED, 0, 0, 0));

    Breaker(int maxFailures, long pauseMillis) {
        this.maxFailures = maxFailures;
        this.pauseMillis = pauseMillis;
    }

    /** A permit for one call, whose end must be told; or {@link #REFUSED}. */
    long acquire(long nowMillis) {
        Status now = status.get();
        return switch (now.state) {
            case CLOSED -> now.era;
            case HALF_OPEN -> REFUSED;
            case OPEN -> probe(now, nowMillis);
        };
    }

    /** Whether the success of this call will close the breaker. */
    boolean wouldClose(long permit) {
        Status now = status.get();
        return now.state == State.HALF_OPEN && now.era == permit;
    }

    void succeeded(long permit) {
        status.updateAndGet(now -> now.era == permit ? now.afterSuccess() : now);
    }

    void failed(long permit, long nowMillis) {
        status.updateAndGet(now -> now.era == permit ? now.afterFailure(maxFailures, nowMillis) : now);
    }

    State state() {
        return status.get().state;
    }

    private long probe(Status now, long nowMillis) {
        long waited = nowMillis - now.openedAtMillis;
        boolean clockWentBack = waited < 0;
        if (waited < pauseMillis && !clockWentBack) {
            return REFUSED;
        }
        Status probing = new Status(State.HALF_OPEN, 0, 0, now.era + 1);
        return status.compareAndSet(now, probing) ? probing.era : REFUSED;
    }

    /** The era counts the changes of state. */
    private record Status(State state, int failures, long openedAtMillis, long era) {

        Status afterSuccess() {
            if (state == State.CLOSED) {
                return failures == 0 ? this : new Status(State.CLOSED, 0, 0, era);
            }
            return new Status(State.CLOSED, 0, 0, era + 1);
        }

        Status afterFailure(int maxFailures, long nowMillis) {
            if (state == State.CLOSED && failures + 1 < maxFailures) {
                return new Status(State.CLOSED, failures + 1, 0, era);
            }
            return new Status(State.OPEN, 0, nowMillis, era + 1);
        }
    }
}
