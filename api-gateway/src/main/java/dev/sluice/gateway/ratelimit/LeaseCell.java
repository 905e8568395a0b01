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

    private long windowEnd = NEVER;
    private long windowSeconds = 1;
    private long expires = NEVER;
    private long reachedUntil;
    private long lastSpent;

    /** Of a window what others spent and hold; of a rate the level that they and earlier spending left. */
    private long others;

    private long othersAt;
    private long spentThen;
    private long shown = NEVER;
    /** Of a rate: what was admitted without a lease, while the shared counts were away. */
    private LimitState debt = LimitState.NONE;

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
            return Stock.ENOUGH;
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
            case Gcra gcra -> debt = gcra.charge(gcra.settle(debt, now), cost);
            case CalendarWindow window -> {
                if (since == 0) {
                    enter(window, window.period().startOf(wallClock), wallClock, now);
                }
                spent += cost;
            }
        }
        lastSpent = now;
    }

    /** Whether the shared counts have still to hear of something that no lease covers. */
    boolean owes() {
        return debt.amount() > 0 || (since > 0 && spent + held > base);
    }

    boolean wantsMore(long now) {
        long size = demand.over(terms.horizon());
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
    LeaseCall.Line ask(long need, long now) {
        settle(now);
        if (now < reachedUntil || (need <= held && !wantsMore(now))) {
            return line(0, 0, now);
        }
        long missing = max(0, need - held);
        return line(missing, max(missing, demand.over(terms.horizon())), now);
    }

    /** What is to be told; asks for nothing. */
    LeaseCall.Line report(long now) {
        settle(now);
        return line(0, 0, now);
    }

    private LeaseCall.Line line(long need, long want, long now) {
        if (limit.algorithm() instanceof Gcra gcra) {
            spent += gcra.used(gcra.settle(debt, now));
            debt = LimitState.NONE;
        }
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
                }
                enter(window, start, sharedNow, sentAt);
                long counted = start == line.since() ? line.spent() + line.held() : 0;
                held += reply.granted();
                base = counted + reply.granted();
                others = reply.state().amount() - base;
            }
        }
        expires = min(sentAt + terms.life(), windowEnd);
        settle(now);
        reachedUntil = max(reachedUntil, now + pause(line, reply, now));
    }

    /** Where the tenant stands, by what is known here. */
    LimitUse use(Stock stock, long cost, long now) {
        boolean exceeded = stock != Stock.ENOUGH;
        return switch (limit.algorithm()) {
            case Gcra gcra -> rateUse(gcra, exceeded, cost, now);
            case CalendarWindow ignored -> {
                shown = max(0, min(shown, limit.quota() - others - spent));
                long left = max(0, windowEnd - now);
                long used = others + spent;
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
            case CalendarWindow ignored -> others + spent;
        };
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
    }

    private void turn(CalendarWindow window, long now) {
        long next = window.period().endOf(since);
        long length = window.period().endOf(next) - next;
        boolean isNext = now < windowEnd + length;
        spent = 0;
        held = 0;
        base = 0;
        others = 0;
        shown = limit.quota();
        reachedUntil = 0;
        since = isNext ? next : 0;
        windowEnd = isNext ? windowEnd + length : NEVER;
        windowSeconds = length / UNIT;
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
