package dev.sluice.gateway.ratelimit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one gateway holds of one tenant's limits: leases, taken from the shared counts in advance and spent here without
 * a round trip. Pure: it does no I/O and has no clock. Thread-safe; nothing waits for I/O under its lock.
 *
 * <p><b>Why all gateways together never admit more than a limit.</b> The shared counts debit a lease before they grant
 * it, one call at a time, so for every limit {@code spent + held by all holders <= limit} is true there at any time; a
 * gateway admits only out of what it holds. The rest is to show that nothing is held twice:
 *
 * <ul>
 *   <li><i>Calendar windows.</i> A lease belongs to one window and is void at its end, never carried over. A holder says in
 *       each call what it spent and what it still holds; the difference to what the counts have of it is what it gives
 *       back.
 *   <li><i>Rates.</i> A lease does not drain. What is held fills the bucket beside its level, {@code level + held <=
 *       burst}, and is poured into the level when the holder reports it as spent, which is later than it was spent. So
 *       the bucket that the admitted requests fill at the moment of their admission is never above {@code level + held},
 *       never over the rim, and any stretch of t seconds admits at most {@code burst + rate * t}: a lease that was kept
 *       is not an extra burst. (Had a lease been debited like spending, it would have drained while it was held, and t
 *       seconds could have admitted {@code burst + rate * (t + life)}.)
 *   <li><i>A crash</i> loses what was held. The counts take it as spent when the lease's life is over: a window keeps it as
 *       used, a rate pours it.
 *   <li><i>A lost answer.</i> Calls of a holder are numbered and report totals, not differences. The same report counts
 *       once, a late one is passed over, and a grant that never arrived is freed by the next report. When the counts no
 *       longer know the holder, it is taken to have what it last said or what was last confirmed, whichever is less.
 *   <li><i>Clocks.</i> Only the shared clock tells windows and ages. A gateway measures on its monotonic clock, from the
 *       moment it sent the call, how long a lease may live; the counts begin no earlier. Wall clocks do not matter.
 * </ul>
 *
 * <p>What is taken is about {@link LeaseTerms#horizon} of this gateway's own demand, more where answers are slow, at most a quarter of its part of what
 * is left, and what waits now: near the limit it shrinks to one request. It is asked for when half is spent, by one
 * call at a time, and given back when idle.
 *
 * <p><b>Freshness.</b> What callers are told is left is what the counts knew at the last call, less what was spent here
 * since: exact for a single gateway, at most one lease of each other gateway old. Within a window it never rises.
 */
final class LeaseBook {

    /** A request that waits for a lease. */
    record Waiting(List<Limit> limits, long cost) {}

    /** What was known of each limit at a moment. */
    record Mark(long at, List<LeaseCharges.Known> known) {}

    private static final int MAX_GROUPS = 64;

    /** A lease is to last for several calls, for the next is only asked for when half is spent. */
    private static final int CALLS_A_LEASE = 4;

    private static final int MAX_HORIZONS = 10;
    private static final int LATENCY_WEIGHT = 8;

    private final String holder;
    private final LeaseTerms terms;
    private final Map<String, LeaseCell> cells = new HashMap<>();
    /** By the list itself: a tier keeps its lists, and to compare their contents costs more than to decide. */
    private final IdentityHashMap<List<Limit>, LeaseGroup> groups = new IdentityHashMap<>();

    private @Nullable LeaseCall inFlight;
    private boolean closed;
    /** Whether the last answer was lost: the counts may have granted what nobody will spend. */
    private boolean uncertain;

    private boolean wantsMore;
    /** A moving mean of how long an answer takes. */
    private long latency;

    private long born;
    private LeaseCall.Recount recount = LeaseCall.Recount.NONE;

    LeaseBook(String holder, LeaseTerms terms) {
        this.holder = holder;
        this.terms = terms;
    }

    /**
     * Decides by what is held, and charges what is admitted; all limits are decided before any is charged.
     *
     * @return null when the shared counts have to be asked first
     */
    synchronized @Nullable LimitDecision decide(List<Limit> limits, long cost, long now) {
        LeaseGroup group = groupOf(limits, now);
        wantsMore = false;
        group.offered(cost, now);
        return decide(group, cost, now);
    }

    /** Decides for one that was counted as demand before. */
    synchronized @Nullable LimitDecision tryAgain(List<Limit> limits, long cost, long now) {
        return decide(groupOf(limits, now), cost, now);
    }

    private @Nullable LimitDecision decide(LeaseGroup group, long cost, long now) {
        if (closed && !group.refuses(cost, now)) {
            return null;
        }
        LimitDecision decision = group.decide(cost, horizon(), now);
        wantsMore |= decision != null && group.runsLow();
        return decision;
    }

    /** Whether a lease ran low with the last decision, and no call is on its way that will fill it. */
    synchronized boolean isRefillDue() {
        return wantsMore && inFlight == null && !closed;
    }

    /**
     * The next call: for what waits, for what runs low, and to report what is owed.
     *
     * @return null while another is on its way, and when there is nothing to say
     */
    synchronized @Nullable LeaseCall refill(long number, List<Waiting> waiting, long now) {
        if (inFlight != null || closed) {
            return null;
        }
        Map<LeaseCell, Long> needs = new HashMap<>();
        for (Waiting one : waiting) {
            for (LeaseCell cell : cellsOf(one.limits(), now)) {
                needs.merge(cell, one.cost(), Long::sum);
            }
        }
        boolean owes = owes();
        LeaseCall call = call(
                number,
                cells.values().stream()
                        .map(cell -> cell.ask(needs.getOrDefault(cell, 0L), horizon(), now))
                        .toList());
        boolean speaks = owes || call.lines().stream().anyMatch(line -> line.want() > 0);
        inFlight = speaks ? call : null;
        return inFlight;
    }

    /**
     * Gives back what nobody used for a while, and reports what is owed; null when there is no such thing, or a call is
     * on its way.
     */
    synchronized @Nullable LeaseCall giveBackIdle(long number, long now) {
        if (inFlight != null || closed) {
            return null;
        }
        boolean any = owes();
        for (LeaseCell cell : cells.values()) {
            if (cell.isIdle(now)) {
                cell.release();
                any = true;
            }
        }
        inFlight = any ? report(number, now) : null;
        return inFlight;
    }

    /** Gives everything back for good; null when there is nothing to tell. Afterwards the book decides nothing. */
    synchronized @Nullable LeaseCall close(long number, long now) {
        if (closed) {
            return null;
        }
        closed = true;
        boolean speaks = inFlight != null || owes() || holds();
        inFlight = null;
        cells.values().forEach(LeaseCell::release);
        return speaks ? report(number, now) : null;
    }

    /**
     * Tells counts that began a new epoch all that is known; null when nothing is. What else is on its way is no longer
     * waited for.
     */
    synchronized @Nullable LeaseCall recount(long number, long epoch, long now) {
        if (closed) {
            return null;
        }
        if (recount.epoch() != epoch) {
            recount = new LeaseCall.Recount(epoch, number);
        }
        List<LeaseCall.Line> lines =
                cells.values().stream().map(cell -> cell.recount(now)).toList();
        if (lines.stream().noneMatch(LeaseCall.Line::tells)) {
            return null;
        }
        inFlight = new LeaseCall(holder, number, born, terms.life(), recount, lines);
        return inFlight;
    }

    /**
     * Takes in an answer; one that is no longer waited for changes nothing.
     *
     * @param sentAt when the call was sent, by the clock of {@code now}
     */
    synchronized void answered(LeaseCall call, LeaseReply reply, long sentAt, long now) {
        if (!isAwaited(call)) {
            return;
        }
        inFlight = null;
        uncertain = false;
        latency += (now - sentAt - latency) / LATENCY_WEIGHT;
        wantsMore = false;
        born = reply.born();
        for (int i = 0; i < call.lines().size(); i++) {
            LeaseCall.Line line = call.lines().get(i);
            LeaseCell cell = cells.get(line.limit().counter());
            if (cell != null && cell.limit().window().equals(line.limit().window())) {
                cell.answered(line, reply.lines().get(i), reply.now(), sentAt, now);
            }
        }
    }

    /** Waits for this answer no longer. */
    synchronized void abandon(LeaseCall call) {
        if (isAwaited(call)) {
            inFlight = null;
            uncertain = true;
        }
    }

    /** Counts what was admitted without the shared counts, to report it to them later. */
    synchronized void owe(List<Limit> limits, long cost, long now, long wallClock) {
        for (LeaseCell cell : cellsOf(limits, now)) {
            cell.owe(cost, now, wallClock);
        }
    }

    /** To be taken before the shared counts are asked to decide. */
    synchronized Mark mark(List<Limit> limits, long now) {
        List<LeaseCharges.Known> known = new ArrayList<>(limits.size());
        for (LeaseCell cell : cellsOf(limits, now)) {
            known.add(cell.known(now));
        }
        return new Mark(now, known);
    }

    /**
     * Takes in a decision that the shared counts made and charged. Should they have been lost since, they count from zero:
     * then what this book alone admitted in a window refuses what they admit, and is reported to them again.
     *
     * @param asked of the moment when the shared counts were asked
     */
    synchronized LimitDecision confirm(List<Limit> limits, LimitDecision decision, long cost, Mark asked, long now) {
        List<LimitUse> uses = new ArrayList<>(decision.uses());
        LeaseCell[] group = cellsOf(limits, now);
        boolean admits = decision.verdict().admits();
        boolean refused = false;
        for (int i = 0; i < group.length; i++) {
            LimitUse use = uses.get(i);
            boolean counts = admits && (!use.exceeded() || use.limit().mode() != Limit.Mode.SHADOW);
            group[i].learn(
                    decision.after().get(i),
                    use,
                    counts ? cost : 0,
                    asked.known().get(i),
                    asked.at(),
                    now);
            if (admits && use.limit().mode() == Limit.Mode.ENFORCE && group[i].isOver()) {
                uses.set(i, use.reached());
                refused = true;
            }
        }
        return refused ? new LimitDecision(Verdict.of(uses), uses, decision.after()) : decision;
    }

    /** Where the tenant stands by the shared counts, with what is held here as left. */
    synchronized LimitDecision addHeld(List<Limit> limits, LimitDecision seen, long now) {
        LeaseCell[] group = cellsOf(limits, now);
        List<LimitUse> uses = new ArrayList<>(group.length);
        for (int i = 0; i < group.length; i++) {
            uses.add(seen.uses().get(i).withLeft(group[i].held(now)));
        }
        return new LimitDecision(seen.verdict(), uses, seen.after());
    }

    /** What is known to be used of each limit. */
    synchronized long[] used(List<Limit> limits, long now) {
        LeaseCell[] group = cellsOf(limits, now);
        long[] used = new long[group.length];
        for (int i = 0; i < group.length; i++) {
            used[i] = group[i].used(now);
        }
        return used;
    }

    /** Whether there is something to report even if nobody asks. */
    synchronized boolean owes() {
        return uncertain || cells.values().stream().anyMatch(LeaseCell::owes);
    }

    /** Whether the shared counts would admit too much, as long as they have not confirmed what is owed. */
    synchronized boolean isInDebt() {
        return cells.values().stream().anyMatch(LeaseCell::isInDebt);
    }

    synchronized boolean holds() {
        return cells.values().stream().anyMatch(LeaseCell::holds);
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** For how long a lease is to last: longer where answers are slow, or all would wait for the next one. */
    private long horizon() {
        return Math.clamp(CALLS_A_LEASE * latency, terms.horizon(), MAX_HORIZONS * terms.horizon());
    }

    private boolean isAwaited(LeaseCall call) {
        return inFlight != null && inFlight.number() == call.number();
    }

    private LeaseCall report(long number, long now) {
        return call(
                number, cells.values().stream().map(cell -> cell.report(now)).toList());
    }

    private LeaseCall call(long number, List<LeaseCall.Line> lines) {
        return new LeaseCall(holder, number, born, terms.life(), lines);
    }

    private LeaseCell[] cellsOf(List<Limit> limits, long now) {
        return groupOf(limits, now).cells();
    }

    private LeaseGroup groupOf(List<Limit> limits, long now) {
        LeaseGroup known = groups.get(limits);
        if (known != null) {
            return known;
        }
        if (groups.size() >= MAX_GROUPS) {
            groups.clear();
        }
        LeaseGroup made =
                new LeaseGroup(limits.stream().map(limit -> cellOf(limit, now)).toList());
        groups.put(limits, made);
        return made;
    }

    private LeaseCell cellOf(Limit limit, long now) {
        LeaseCell cell = cells.get(limit.counter());
        if (cell == null || !cell.adopts(limit)) {
            // Lists made before hold the cell of the old kind.
            groups.clear();
            cell = new LeaseCell(limit, terms, now);
            cells.put(limit.counter(), cell);
        }
        return cell;
    }
}
