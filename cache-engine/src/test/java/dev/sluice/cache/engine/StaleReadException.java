package dev.sluice.cache.engine;

/** Somebody was answered what was old when they asked, and what led to it. */
final class StaleReadException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int length;

    StaleReadException(String schedule, int length) {
        super("an old value was read:\n" + schedule, null, false, false);
        this.length = length;
    }

    /** How many lines the schedule has. */
    int length() {
        return length;
    }
}
