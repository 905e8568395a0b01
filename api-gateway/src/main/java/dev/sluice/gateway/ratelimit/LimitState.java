package dev.sluice.gateway.ratelimit;

/**
 * What is remembered of one limit of one tenant; {@link Algorithm} says what the numbers mean.
 *
 * @param amount the level of a rate, or the cost units used in a calendar window
 * @param since when that was so, or when the window started; microseconds since the epoch
 */
record LimitState(long amount, long since) {

    /** Nothing was used yet. */
    static final LimitState NONE = new LimitState(0, 0);
}
