package dev.sluice.gateway.ratelimit;

import static java.lang.Math.max;
import static java.lang.Math.min;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The shared counts of one tenant in memory: what {@code ratelimit.lua} does, as slowly and plainly as it can be said. */
final class LeaseLedger {

    private static final long UNIT = 1_000_000;

    private record Holding(long number, long spent, long held, long since, long expires) {}

    /** The most that anyone heard of a window before an epoch. */
    private record Told(long epoch, long most, long since) {}

    private final Map<String, Told> tellings = new HashMap<>();
    private final Map<String, LimitState> states = new HashMap<>();
    private final Map<String, Map<String, Holding>> holdings = new HashMap<>();
    private long born;
    private long calls;

    /** The same at this moment. */
    LeaseLedger copy() {
        LeaseLedger copy = new LeaseLedger();
        copy.tellings.putAll(tellings);
        copy.states.putAll(states);
        holdings.forEach((name, all) -> copy.holdings.put(name, new HashMap<>(all)));
        copy.born = born;
        return copy;
    }

    long calls() {
        return calls;
    }

    LeaseReply lease(LeaseCall call, long now) {
        calls++;
        born = born == 0 ? now : born;
        List<LeaseReply.Line> lines = new ArrayList<>();
        for (LeaseCall.Line line : call.lines()) {
            lines.add(lease(call, line, now));
        }
        return new LeaseReply(now, born, lines);
    }

    LimitDecision decide(List<Limit> limits, long cost, long now) {
        calls++;
        Map<String, LimitState> before = Map.copyOf(states);
        Map<String, Map<String, Holding>> heldBefore = new HashMap<>();
        holdings.forEach((name, all) -> heldBefore.put(name, new HashMap<>(all)));
        List<LimitState> found = new ArrayList<>();
        for (Limit limit : limits) {
            LimitState state = settle(limit, now);
            long held = heldBy(holdings.getOrDefault(limit.counter(), Map.of()));
            boolean isRate = limit.algorithm() instanceof Gcra;
            found.add(new LimitState(isRate ? state.amount() + held * UNIT : state.amount(), state.since()));
        }
        LimitDecision decision = LimitDecision.decide(limits, found, cost, now);
        if (cost > 0 && decision.verdict().admits()) {
            for (int i = 0; i < limits.size(); i++) {
                Limit limit = limits.get(i);
                LimitState state = states.getOrDefault(limit.counter(), LimitState.NONE);
                if (limit.mode() != Limit.Mode.SHADOW || !decision.uses().get(i).exceeded()) {
                    states.put(limit.counter(), limit.algorithm().charge(state, cost));
                }
            }
        }
        if (cost == 0) {
            // To look leaves no trace.
            states.clear();
            states.putAll(before);
            holdings.putAll(heldBefore);
        }
        return decision;
    }

    private LeaseReply.Line lease(LeaseCall call, LeaseCall.Line line, long now) {
        Limit limit = line.limit();
        LimitState state = settle(limit, now);
        Map<String, Holding> all = holdings.computeIfAbsent(limit.counter(), name -> new HashMap<>());
        Holding mine = all.get(call.holder());
        if (mine != null && call.number() <= mine.number()) {
            return new LeaseReply.Line(0, state, heldBy(all));
        }
        all.remove(call.holder());
        state = seed(call.recount(), line, state);
        if (call.recount().epoch() > 0
                && mine != null
                && mine.number() < call.recount().first()) {
            // What is remembered of the holder may be older than what it heard.
            mine = null;
        }
        boolean isRate = limit.algorithm() instanceof Gcra;
        boolean current = isRate || line.since() == state.since();
        long spent = current ? line.spent() : 0;
        long held = current ? line.held() : 0;
        long amount = state.amount();
        if (isRate) {
            long known = mine == null ? line.base() : mine.spent();
            amount = min(amount + max(0, spent - known) * UNIT, limit.burst() * UNIT);
        } else if (current) {
            boolean sameCounts = call.recount().epoch() > 0 || call.born() == 0 || call.born() == born;
            long known = mine != null ? mine.spent() + mine.held() : sameCounts ? line.base() : 0;
            amount = max(0, amount + spent + held - known);
        } else if (mine != null && line.since() == 0) {
            // It never heard of its first grant.
            amount = max(0, amount - mine.held());
        }
        long others = heldBy(all);
        long room = max(0, isRate ? (limit.burst() * UNIT - amount) / UNIT - others - held : limit.quota() - amount);
        long part = room / (4 * (all.size() + 1L));
        long granted = line.want() == 0 ? 0 : min(room, max(max(1, line.need()), min(line.want(), part)));
        LimitState after = new LimitState(isRate ? amount : amount + granted, state.since());
        states.put(limit.counter(), after);
        all.put(
                call.holder(),
                new Holding(call.number(), spent, held + granted, isRate ? 0 : state.since(), now + call.life()));
        return new LeaseReply.Line(granted, after, others + held + granted);
    }

    /** Brings back what was lost: the most that anyone heard, beside what is told as admitted since. */
    private LimitState seed(LeaseCall.Recount recount, LeaseCall.Line line, LimitState state) {
        if (recount.epoch() == 0) {
            return state;
        }
        if (line.limit().algorithm() instanceof Gcra gcra) {
            return new LimitState(max(state.amount(), min(line.heard(), gcra.burst() * UNIT)), state.since());
        }
        if (line.since() != state.since()) {
            return state;
        }
        Told told = tellings.getOrDefault(line.limit().counter(), new Told(0, 0, 0));
        boolean isSame = told.epoch() == recount.epoch() && told.since() == state.since();
        long known = isSame ? told.most() : state.amount();
        tellings.put(line.limit().counter(), new Told(recount.epoch(), max(known, line.heard()), state.since()));
        return new LimitState(state.amount() + max(0, line.heard() - known), state.since());
    }

    /** Brings a limit to the present; whoever did not speak for too long has spent what it held. */
    private LimitState settle(Limit limit, long now) {
        LimitState state = limit.algorithm().settle(states.getOrDefault(limit.counter(), LimitState.NONE), now);
        Map<String, Holding> all = holdings.getOrDefault(limit.counter(), new HashMap<>());
        for (Map.Entry<String, Holding> entry : Map.copyOf(all).entrySet()) {
            Holding one = entry.getValue();
            if (limit.algorithm() instanceof Gcra gcra) {
                if (one.expires() <= now) {
                    state = gcra.charge(state, one.held());
                    all.remove(entry.getKey());
                }
            } else if (one.expires() <= now || one.since() != state.since()) {
                all.remove(entry.getKey());
            }
        }
        states.put(limit.counter(), state);
        return state;
    }

    private static long heldBy(Map<String, Holding> all) {
        return all.values().stream().mapToLong(Holding::held).sum();
    }
}
