package dev.sluice.gateway.ratelimit;

import static java.lang.Math.max;
import static java.lang.Math.min;

/**
 * One gateway's lease on one limit of one tenant. {@link LeaseBook} says why leases hold the limit. Not thread-safe.
 *
 * <p>Times are microseconds of this gateway's monotonic clock, unless they are said to be shared.
 */
final class LeaseCell {

    /** What can be had at once. */
    enum Stock {
        ENOUGH,
        /** The limit is reached, as far as is known. */
        NONE,
        /** To be asked for. */
        UNKNOWN
    }

    private static final long UNIT = 1_000_000;
    private static final long NEVER = Long.MAX_VALUE;

    private final LeaseTerms terms;
    private final LeaseDemand demand;
    private Limit limit;

    private long spent;
    private long held;
    private long base;
    /** The start of the calendar window, in shared time; 0 for a rate and while it is not known. */
    private long since;

    /** Not part of what was spent. */
    private final LeaseCharges charges = new LeaseCharges();

    private LeaseCharges.Known knownAtLastCall = charges.known();

    private long windowEnd = NEVER;
    private long windowSeconds = 1;
    private long expires = NEVER;
    private long reachedUntil;
    private long lastSpent;
    private long lastGranted;

    /** Of a window what others spent and hold; of a rate the level that they and earlier spending left. */
    private long others;

    private long othersAt;
    private long spentThen;
    private long shown = NEVER;
    private final LeaseDebt debt = new LeaseDebt();
    /** What is spent with the last that was owed; confirmed when the base is there. */
    private long spentWithDebt;
    /** Of a window the most that the shared counts were heard to have since the last answer to a call. */
    private long heard;

    LeaseCell(Limit limit, LeaseTerms terms, long now) {
        this.limit = limit;
        this.terms = terms;
        this.demand = new LeaseDemand(now);
        this.lastSpent = now;
        if (limit.algorithm() instanceof Gcra) {
            othersAt = now;
        }
    }

    Limit limit() {
        return limit;
    }

    /** Whether the limit is kept here; a change of its size is taken over, a change of its kind is not. */
    boolean adopts(Limit other) {
        if (limit.equals(other)) {
            return true;
        }
        if (!limit.window().equals(other.window())) {
            return false;
        }
        limit = other;
        reachedUntil = 0;
        shown = NEVER;
        return true;
    }

    Stock stock(long cost, long now) {
        settle(now);
        if (held >= cost) {
            // More than the limit is held only when the counts were lost, and began anew.
            boolean fits = since == 0 || spent + charges.amount() + cost <= limit.quota();
            return fits ? Stock.ENOUGH : Stock.NONE;
        }
        return now < reachedUntil ? Stock.NONE : Stock.UNKNOWN;
    }

    void offered(long cost, long now) {
        demand.add(cost, now);
    }

    /** Spends from the lease; what a soft limit admits beyond it is spent as well. */
    void spend(long cost, long now) {
        spent += cost;
        held = max(0, held - cost);
        lastSpent = now;
    }

    /** Counts what was admitted while the shared counts were away; {@code wallClock} stands in for theirs. */
    void owe(long cost, long now, long wallClock) {
        settle(now);
        switch (limit.algorithm()) {
            case Gcra gcra -> debt.add(gcra, cost, now);
            case CalendarWindow window -> {
                if (since == 0) {
                    enter(window, window.period().startOf(wallClock), wallClock, now);
                }
                spent += cost;
                spentWithDebt = spent;
            }
        }
        lastSpent = now;
    }

    /** Whether the shared counts have still to hear of something that no lease covers. */
    boolean owes() {
        return isInDebt() || (since > 0 && spent + held > base);
    }

    /** Whether something was admitted without the shared counts that no answer has confirmed yet. */
    boolean isInDebt() {
        return !debt.isEmpty() || spentWithDebt > base;
    }

    /**
     * Takes in what the shared counts decided.
     *
     * @param cost what they charged
     * @param known of the moment when they were asked
     */
    void learn(LimitState state, LimitUse use, long cost, LeaseCharges.Known known, long sentAt, long now) {
        settle(now);
        switch (limit.algorithm()) {
            case Gcra ignored -> {
                others = max(0, state.amount() - held * UNIT);
                othersAt = now;
                spentThen = spent;
            }
            case CalendarWindow window -> {
                enter(window, state, use, sentAt);
                if (state.since() == since) {
                    heard = max(heard, state.counted());
                    charges.add(cost);
                    others = max(0, state.amount() - base);
                    spent += charges.takeLost(known, state.amount() - cost);
                }
            }
        }
    }

    private void enter(CalendarWindow window, LimitState state, LimitUse use, long sentAt) {
        if (state.since() > since && state.amount() > 0) {
            begin();
            enter(window, state.since(), window.period().endOf(state.since()) - use.microsUntilMore(), sentAt);
        }
    }

    LeaseCharges.Known known(long now) {
        settle(now);
        return charges.known();
    }

    /** Whether this gateway alone admitted more than the window has, which counts that were lost can lead to. */
    boolean isOver() {
        return since > 0 && spent + charges.amount() > limit.quota();
    }

    long held(long now) {
        settle(now);
        return held;
    }

    boolean wantsMore(long horizon, long now) {
        long size = demand.over(horizon);
        return size > 1 && held * 2 <= size && now >= reachedUntil;
    }

    boolean isIdle(long now) {
        settle(now);
        return held > 0 && now - lastSpent >= terms.idle();
    }

    boolean holds() {
        return held > 0;
    }

    /** Spends no more of the lease; the next call gives it back. */
    void release() {
        held = 0;
    }

    /** What is to be told, and asked for what waits and for the near future. */
    LeaseCall.Line ask(long need, long horizon, long now) {
        settle(now);
        if (now < reachedUntil || (need <= held && !wantsMore(horizon, now))) {
            return line(0, 0);
        }
        long missing = max(0, need - held);
        // A demand that is new is met by doubling, until its mean is known.
        long ramp = min(2 * lastGranted, demand.recentOver(horizon, now));
        return line(missing, max(missing, max(ramp, demand.over(horizon))));
    }

    /** What is to be told; asks for nothing. */
    LeaseCall.Line report(long now) {
        settle(now);
        return line(0, 0);
    }

    /** What is to be told to counts that may have lost everything. */
    LeaseCall.Line recount(long now) {
        LeaseCall.Line line = report(now);
        return switch (limit.algorithm()) {
            case Gcra gcra ->
                line.withHeard(
                        gcra.settle(new LimitState(others, othersAt), now).amount());
            case CalendarWindow ignored -> line.withHeard(heard);
        };
    }

    private LeaseCall.Line line(long need, long want) {
        if (!debt.isEmpty()) {
            spent += debt.take();
            spentWithDebt = spent;
        }
        knownAtLastCall = charges.known();
        LeaseCall.Line line = new LeaseCall.Line(limit, since, base, spent, held, need, want);
        // Should the answer be lost, the counts may have this or what they had; the smaller is safe to go on from.
        base = min(base, counted(spent, held));
        return line;
    }

    void answered(LeaseCall.Line line, LeaseReply.Line reply, long sharedNow, long sentAt, long now) {
        settle(now);
        boolean heldOver = since == line.since();
        switch (limit.algorithm()) {
            case Gcra gcra -> {
                held += reply.granted();
                base = line.spent();
                long ours = line.held() + reply.granted();
                others = reply.state().amount() + max(0, reply.held() - ours) * UNIT;
                othersAt = now;
                spentThen = line.spent();
            }
            case CalendarWindow window -> {
                long start = reply.state().since();
                if (start == line.since() && !heldOver) {
                    return; // The window ended while the answer was on its way.
                }
                if (start != since) {
                    spent = 0;
                    held = 0;
                    charges.clear();
                }
                enter(window, start, sharedNow, sentAt);
                long counted = start == line.since() ? line.spent() + line.held() : 0;
                held += reply.granted();
                base = counted + reply.granted();
                heard = reply.state().counted();
                others = max(0, reply.state().amount() - base);
                spent += charges.takeLost(knownAtLastCall, others);
            }
        }
        lastGranted = line.want() > 0 ? reply.granted() : lastGranted;
        expires = min(sentAt + terms.life(), windowEnd);
        settle(now);
        long pause = pause(line, reply, now);
        if (pause > 0) {
            // Not in any case: whoever looked at the clock before this answer came would take a mere moment for a
            // refusal.
            reachedUntil = max(reachedUntil, now + pause);
        }
    }

    /** Where the tenant stands, by what is known here. */
    LimitUse use(Stock stock, long cost, long now) {
        boolean exceeded = stock != Stock.ENOUGH;
        return switch (limit.algorithm()) {
            case Gcra gcra -> rateUse(gcra, exceeded, cost, now);
            case CalendarWindow ignored -> {
                long used = usedInWindow();
                shown = max(0, min(shown, limit.quota() - used));
                long left = max(0, windowEnd - now);
                yield new LimitUse(
                        limit, exceeded, used, shown, windowSeconds, used == 0 ? 0 : left, exceeded ? left : 0);
            }
        };
    }

    /** What the tenant used of the limit, in whole units, by what is known here. */
    long used(long now) {
        settle(now);
        return switch (limit.algorithm()) {
            case Gcra gcra -> gcra.used(level(gcra, now));
            case CalendarWindow ignored -> usedInWindow();
        };
    }

    private long usedInWindow() {
        return max(others, charges.amount()) + spent;
    }

    private LimitUse rateUse(Gcra gcra, boolean exceeded, long cost, long now) {
        LimitState level = level(gcra, now);
        long remaining = exceeded ? min(gcra.remaining(level), cost - 1) : gcra.remaining(level);
        long untilAdmitted = exceeded ? max(gcra.microsUntilAdmitted(level, cost, now), reachedUntil - now) : 0;
        return new LimitUse(
                limit,
                exceeded,
                limit.burst() - remaining,
                remaining,
                1,
                exceeded ? max(1, gcra.microsUntilMore(level, now)) : gcra.microsUntilMore(level, now),
                max(0, untilAdmitted));
    }

    private LimitState level(Gcra gcra, long now) {
        return gcra.settle(new LimitState(max(0, others + (spent - spentThen) * UNIT), othersAt), now);
    }

    /** For how long the limit is left alone after such an answer. */
    private long pause(LeaseCall.Line line, LeaseReply.Line reply, long now) {
        if (line.want() == 0) {
            return 0;
        }
        boolean reached = reply.granted() < max(1, line.need());
        return switch (limit.algorithm()) {
            // Its refill is fetched in portions, not unit by unit: what is left for a while is not lost.
            case Gcra ignored -> reached || reply.granted() < line.want() ? terms.recheck() : 0;
            case CalendarWindow ignored -> {
                boolean othersHold = reply.held() > line.held() + reply.granted();
                long pause = othersHold ? terms.recheck() : terms.settledRecheck();
                yield reached ? max(0, min(pause, windowEnd - now)) : 0;
            }
        };
    }

    /** Forgets what is over by now. */
    private void settle(long now) {
        if (now >= expires) {
            held = 0;
            expires = NEVER;
        }
        if (now >= windowEnd && limit.algorithm() instanceof CalendarWindow window) {
            turn(window, now);
        }
        if (!debt.isEmpty() && limit.algorithm() instanceof Gcra gcra) {
            debt.drain(gcra, level(gcra, debt.at()).amount(), now);
        }
    }

    private void turn(CalendarWindow window, long now) {
        long next = window.period().endOf(since);
        long length = window.period().endOf(next) - next;
        boolean isNext = now < windowEnd + length;
        begin();
        since = isNext ? next : 0;
        windowEnd = isNext ? windowEnd + length : NEVER;
        windowSeconds = length / UNIT;
    }

    private void begin() {
        spent = 0;
        held = 0;
        charges.clear();
        base = 0;
        others = 0;
        heard = 0;
        spentWithDebt = 0;
        shown = limit.quota();
        reachedUntil = 0;
    }

    /** Learns of the window. What it is counted from was no later than the shared clock said so. */
    private void enter(CalendarWindow window, long start, long sharedNow, long at) {
        long end = window.period().endOf(start);
        if (start != since) {
            shown = limit.quota();
        }
        since = start;
        windowEnd = at + (end - sharedNow);
        windowSeconds = (end - start) / UNIT;
    }

    private long counted(long spending, long holding) {
        return limit.algorithm() instanceof Gcra ? spending : spending + holding;
    }
}
