package dev.sluice.webhook.delivery;

import java.util.OptionalInt;

/**
 * How an endpoint does.
 *
 * @param isOpen whether its breaker is
 * @param failures in a row
 * @param restNanos how long nothing is begun, for its sake
 * @param concurrency most at once that it bears, as far as is known
 */
record Health(boolean isOpen, int failures, long restNanos, OptionalInt concurrency) {

    static final Health GOOD = new Health(false, 0, 0, OptionalInt.empty());
}
