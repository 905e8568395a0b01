package dev.sluice.gateway.ratelimit;

/**
 * What is remembered of one limit of one tenant; {@link Algorithm} says what the numbers mean.
 *
 * @param amount the level of a rate, or the cost units used in a calendar window
 * @param since when that was so, or when the window started; microseconds since the epoch
 * @param surplus the part of the amount of a window that the log alone has told of; see {@link LimitFloors}
 */
record LimitState(long amount, long since, long surplus) {

    /** Nothing was used yet. */
    static final LimitState NONE = new LimitState(0, 0);

    LimitState(long amount, long since) {
        this(amount, since, 0);
    }

    /** What the counts know by themselves. What others still have to tell of may be in the rest. */
    long counted() {
        return amount - surplus;
    }
}
