package dev.sluice.gateway.ratelimit;

import java.util.List;

/** Port: hears of every decision that charges, to put it on the log. Must be quick, and not fail. */
@FunctionalInterface
interface ChargeLog {

    /**
     * Hears of one decision.
     *
     * @param limits those that it is about
     */
    void decided(String tenant, List<Limit> limits, LimitDecision made, long cost);
}
