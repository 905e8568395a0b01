package dev.sluice.gateway.ratelimit;

import java.util.ArrayList;
import java.util.List;

/**
 * What becomes of one request under all limits that cover it. All of them are decided before any is charged: a refused
 * request is charged to none, so that what one limit refuses does not eat up another.
 *
 * @param uses one for each limit, in the order of the limits
 * @param after what is to be remembered of each limit, in the same order
 */
record LimitDecision(Verdict verdict, List<LimitUse> uses, List<LimitState> after) {

    LimitDecision {
        uses = List.copyOf(uses);
        after = List.copyOf(after);
    }

    /** Decides at {@code now}, in microseconds, over what is remembered of each limit. A cost of 0 only looks. */
    static LimitDecision decide(List<Limit> limits, List<LimitState> stored, long cost, long now) {
        List<LimitState> settled = new ArrayList<>(limits.size());
        boolean admitted = true;
        for (int i = 0; i < limits.size(); i++) {
            Limit limit = limits.get(i);
            LimitState state = limit.algorithm().settle(stored.get(i), now);
            settled.add(state);
            admitted &= limit.mode() != Limit.Mode.ENFORCE || limit.algorithm().admits(state, cost);
        }
        List<LimitState> after = admitted ? charge(limits, settled, cost) : settled;
        List<LimitUse> uses = new ArrayList<>(limits.size());
        for (int i = 0; i < limits.size(); i++) {
            uses.add(LimitUse.of(limits.get(i), settled.get(i), after.get(i), cost, now));
        }
        return new LimitDecision(Verdict.of(uses), uses, after);
    }

    /** The same with another verdict. */
    LimitDecision as(Verdict other) {
        return new LimitDecision(other, uses, after);
    }

    private static List<LimitState> charge(List<Limit> limits, List<LimitState> settled, long cost) {
        List<LimitState> after = new ArrayList<>(limits.size());
        for (int i = 0; i < limits.size(); i++) {
            Algorithm algorithm = limits.get(i).algorithm();
            LimitState state = settled.get(i);
            // In the shadow, a request that would have been refused counts as little as one that was.
            boolean counts = limits.get(i).mode() != Limit.Mode.SHADOW || algorithm.admits(state, cost);
            after.add(counts ? algorithm.charge(state, cost) : state);
        }
        return after;
    }
}
