package dev.sluice.gateway.ratelimit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Gateways with lease books around one ledger, on a virtual clock. Messages are late, are lost on either way and overtake
 * one another; gateways crash. Every gateway's own clock starts somewhere else.
 */
final class LeaseSimulation {

    /** How bad the world is. */
    record Weather(long meanDelay, double lossRate, double crashesPerSecond) {
        static final Weather FAIR = new Weather(200, 0, 0);
    }

    record Admitted(long at, long cost, List<Limit> limits) {}

    private record Event(long at, long order, Runnable action) {}

    private static final long DEADLINE = 5_000;

    final LeaseLedger ledger = new LeaseLedger();
    final List<Admitted> admitted = new ArrayList<>();
    final List<Gateway> gateways = new ArrayList<>();

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
    private final RandomGenerator random;
    private final Weather weather;
    private final LeaseTerms terms;
    private long now;
    private long order;
    private long requests;

    LeaseSimulation(int count, Weather weather, LeaseTerms terms, long start, RandomGenerator random) {
        this.random = random;
        this.weather = weather;
        this.terms = terms;
        this.now = start;
        for (int i = 0; i < count; i++) {
            gateways.add(new Gateway(i));
        }
    }

    long requests() {
        return requests;
    }

    long admittedUnits() {
        return admitted.stream().mapToLong(Admitted::cost).sum();
    }

    void at(long time, Runnable action) {
        events.add(new Event(time, order++, action));
    }

    void request(long time, int gateway, List<Limit> limits, long cost) {
        at(time, () -> gateways.get(gateway).request(limits, cost));
    }

    void runUntil(long end) {
        if (weather.crashesPerSecond() > 0) {
            for (long t = now; t < end; t += 100_000) {
                if (random.nextDouble() < weather.crashesPerSecond() / 10) {
                    at(t, () -> gateways.get(random.nextInt(gateways.size())).crash());
                }
            }
        }
        while (!events.isEmpty() && events.peek().at() <= end) {
            Event event = events.remove();
            now = event.at();
            event.action().run();
        }
        now = end;
    }

    private long delay() {
        long mean = weather.meanDelay();
        return random.nextInt(50) == 0 ? random.nextLong(1 + 200 * mean) : random.nextLong(1 + 2 * mean);
    }

    private boolean isLost() {
        return random.nextDouble() < weather.lossRate();
    }

    /** What the shell around a book does, without threads. */
    final class Gateway {

        private record Waiter(LeaseBook.Waiting what, long until) {}

        private final int index;
        private final long clockOffset = random.nextLong(10_000_000_000L);
        private final List<Waiter> waiting = new ArrayList<>();
        private long calls;
        private int incarnation;
        private LeaseBook book;
        private boolean idleCheckDue;

        Gateway(int index) {
            this.index = index;
            this.book = new LeaseBook("g" + index + "x0", terms);
        }

        void crash() {
            incarnation++;
            waiting.clear();
            idleCheckDue = false;
            book = new LeaseBook("g" + index + "x" + incarnation, terms);
        }

        /** Leaves in order. */
        void close() {
            LeaseCall call = book.close(++calls, local());
            if (call != null) {
                send(call);
            }
        }

        LeaseBook book() {
            return book;
        }

        private long local() {
            return now + clockOffset;
        }

        private void request(List<Limit> limits, long cost) {
            requests++;
            LimitDecision decision = book.decide(limits, cost, local());
            if (decision == null) {
                waiting.add(new Waiter(new LeaseBook.Waiting(limits, cost), now + DEADLINE));
                refill();
                return;
            }
            count(decision, limits, cost);
            if (book.isRefillDue()) {
                refill();
            }
            watchForIdleness();
        }

        private void count(LimitDecision decision, List<Limit> limits, long cost) {
            if (decision.verdict().admits()) {
                admitted.add(new Admitted(now, cost, limits));
            }
        }

        private void refill() {
            waiting.removeIf(one -> one.until() <= now);
            LeaseCall call =
                    book.refill(++calls, waiting.stream().map(Waiter::what).toList(), local());
            if (call != null) {
                send(call);
            }
        }

        private void send(LeaseCall call) {
            int sender = incarnation;
            long sentAt = local();
            at(
                    now + DEADLINE,
                    () -> given(sender, () -> {
                        book.abandon(call);
                        serve();
                        watchForIdleness();
                    }));
            if (isLost()) {
                return;
            }
            at(now + delay(), () -> {
                LeaseReply reply = ledger.lease(call, now);
                if (!isLost()) {
                    at(
                            now + delay(),
                            () -> given(sender, () -> {
                                book.answered(call, reply, sentAt, local());
                                serve();
                                watchForIdleness();
                            }));
                }
            });
        }

        private void given(int sender, Runnable action) {
            if (sender == incarnation) {
                action.run();
            }
        }

        private void serve() {
            List<Waiter> before = List.copyOf(waiting);
            waiting.clear();
            for (Waiter one : before) {
                if (one.until() <= now) {
                    continue;
                }
                @Nullable
                LimitDecision decision =
                        book.tryAgain(one.what().limits(), one.what().cost(), local());
                if (decision == null) {
                    waiting.add(one);
                } else {
                    count(decision, one.what().limits(), one.what().cost());
                }
            }
            if (!waiting.isEmpty() || book.isRefillDue()) {
                refill();
            }
        }

        private void watchForIdleness() {
            if (idleCheckDue || (!book.holds() && !book.owes())) {
                return;
            }
            idleCheckDue = true;
            int sender = incarnation;
            at(
                    now + terms.idle(),
                    () -> given(sender, () -> {
                        idleCheckDue = false;
                        LeaseCall call = book.giveBackIdle(++calls, local());
                        if (call != null) {
                            send(call);
                        }
                        watchForIdleness();
                    }));
        }
    }
}
