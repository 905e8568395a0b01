package dev.sluice.cache.engine;

import java.util.concurrent.atomic.AtomicReference;

/**
 * Decides whether to ask something that may be away: closed until a number of calls had no answer, each begun after the one
 * before had failed, then open for a while, then half open for one call that closes it or opens it again. So many calls made at
 * once that are all too late are one failure: it may well be this process that was slow. Has no clock and no threads; a permit
 * that was given before the last change of state has no say.
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
            case CLOSED -> now.permit();
            case HALF_OPEN -> REFUSED;
            case OPEN -> probe(now, nowMillis);
        };
    }

    /** Whether the success of this call will close the breaker. */
    boolean wouldClose(long permit) {
        Status now = status.get();
        return now.state == State.HALF_OPEN && now.isOfItsEra(permit);
    }

    void succeeded(long permit) {
        status.updateAndGet(now -> now.isOfItsEra(permit) ? now.afterSuccess() : now);
    }

    void failed(long permit, long nowMillis) {
        status.updateAndGet(now -> now.permit() == permit ? now.afterFailure(maxFailures, nowMillis) : now);
    }

    State state() {
        return status.get().state;
    }

    /** Whether the last call that had a say had no answer; true also when no calls are let through. */
    boolean isFailing() {
        Status now = status.get();
        return now.state != State.CLOSED || now.failures > 0;
    }

    private long probe(Status now, long nowMillis) {
        long waited = nowMillis - now.openedAtMillis;
        boolean clockWentBack = waited < 0;
        if (waited < pauseMillis && !clockWentBack) {
            return REFUSED;
        }
        Status probing = new Status(State.HALF_OPEN, 0, 0, now.era + 1);
        return status.compareAndSet(now, probing) ? probing.permit() : REFUSED;
    }

    /** The era counts the changes of state. */
    private record Status(State state, int failures, long openedAtMillis, int era) {

        /** Tells the era and, in its lower half, the failures that there were. */
        long permit() {
            return (era & (long) Integer.MAX_VALUE) << Integer.SIZE | failures;
        }

        boolean isOfItsEra(long permit) {
            return permit >>> Integer.SIZE == permit() >>> Integer.SIZE;
        }

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
