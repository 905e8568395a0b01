package dev.sluice.gateway.ratelimit;

/**
 * How a limit counts. All times are microseconds since the epoch. Pure; {@code ratelimit.lua} computes the same.
 *
 * <p>A request is decided in three steps: {@link #settle} brings the remembered state to the present, {@link #admits}
 * says whether the cost fits, and {@link #charge} counts it.
 */
sealed interface Algorithm permits Gcra, CalendarWindow {

    LimitState settle(LimitState stored, long now);

    /** Whether the cost fits. Nothing at all always fits. */
    boolean admits(LimitState settled, long cost);

    /** Counts the cost, whether it fits or not. */
    LimitState charge(LimitState settled, long cost);

    long used(LimitState settled);

    /** What may still be spent at once; never negative. */
    long remaining(LimitState settled);

    /** How long until more may be spent than now; 0 when nothing is used. */
    long microsUntilMore(LimitState settled, long now);

    /** How long until the cost fits, if nothing else is spent; 0 when it fits now. */
    long microsUntilAdmitted(LimitState settled, long cost, long now);

    /** The length of the window that this moment lies in. */
    long windowSeconds(LimitState settled);

    /** From when on the state says no more than {@link LimitState#NONE}. */
    long expiry(LimitState settled);
}
