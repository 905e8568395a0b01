package dev.sluice.gateway.ratelimit;

/** Nobody waits for Redis any longer. Without a stack trace: it is met by each request while Redis is lost. */
final class NotWaitedForException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean isLost;

    private NotWaitedForException(String message, boolean isLost) {
        super(message, null, /* enableSuppression= */ false, /* writableStackTrace= */ false);
        this.isLost = isLost;
    }

    static NotWaitedForException lost() {
        return new NotWaitedForException("Redis is left alone for a while", true);
    }

    static NotWaitedForException late() {
        return new NotWaitedForException("Redis did not answer before the deadline", false);
    }

    /** Whether Redis had been taken for lost by then, so that this says nothing more of it. */
    boolean isLost() {
        return isLost;
    }
}
