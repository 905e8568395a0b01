package dev.sluice.gateway.tier;

/** How large the numbers of a tier may be. */
public final class LimitBounds {

    /** A level of a billion units in millionths still is a whole number in the doubles of Redis scripts (2^53). */
    public static final long MAX_QUOTA = 1_000_000_000;

    public static final long MAX_COST = 1_000_000;

    private LimitBounds() {}
}
