package dev.sluice.gateway.ratelimit;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.MonoSink;

/** One tenant's lease book and the requests that wait for it, first come, first served. Thread-safe. */
final class LeaseAccount {

    /** Each is one of its own, whatever it waits for. */
    static final class Waiter {

        private final LeaseBook.Waiting what;
        private final MonoSink<LimitDecision> sink;

        Waiter(LeaseBook.Waiting what, MonoSink<LimitDecision> sink) {
            this.what = what;
            this.sink = sink;
        }
    }

    private record Served(Waiter waiter, LimitDecision decision) {}

    private final String tenant;
    private final LeaseBook book;
    /** In the order they came; to leave it is no search. */
    private final Set<Waiter> waiters = new LinkedHashSet<>();

    private final List<MonoSink<Void>> settlers = new ArrayList<>();
    private final AtomicBoolean watched = new AtomicBoolean();

    LeaseAccount(String tenant, LeaseBook book) {
        this.tenant = tenant;
        this.book = book;
    }

    String tenant() {
        return tenant;
    }

    LeaseBook book() {
        return book;
    }

    /** Whether nobody was there before. */
    boolean enqueue(Waiter waiter) {
        synchronized (waiters) {
            waiters.add(waiter);
            return waiters.size() == 1;
        }
    }

    void leave(Waiter waiter) {
        synchronized (waiters) {
            waiters.remove(waiter);
        }
    }

    List<LeaseBook.Waiting> waiting() {
        synchronized (waiters) {
            return waiters.stream().map(waiter -> waiter.what).toList();
        }
    }

    boolean isWaitedFor() {
        synchronized (waiters) {
            return !waiters.isEmpty();
        }
    }

    /** Answers everyone who can be answered by now. */
    void serve(long now) {
        List<Served> served = new ArrayList<>();
        synchronized (waiters) {
            for (Iterator<Waiter> each = waiters.iterator(); each.hasNext(); ) {
                Waiter waiter = each.next();
                LimitDecision decision = book.tryAgain(waiter.what.limits(), waiter.what.cost(), now);
                if (decision != null) {
                    each.remove();
                    served.add(new Served(waiter, decision));
                }
            }
        }
        served.forEach(one -> one.waiter().sink.success(one.decision()));
    }

    /** The sink hears when nothing is owed any more. */
    void awaitSettlement(MonoSink<Void> sink) {
        synchronized (settlers) {
            settlers.add(sink);
        }
    }

    void settled() {
        takeSettlers().forEach(MonoSink::success);
    }

    private List<MonoSink<Void>> takeSettlers() {
        synchronized (settlers) {
            List<MonoSink<Void>> all = List.copyOf(settlers);
            settlers.clear();
            return all;
        }
    }

    /** Tells everyone that the shared counts did not answer. */
    void refuse(Throwable failure) {
        takeSettlers().forEach(sink -> sink.error(failure));
        List<Waiter> all;
        synchronized (waiters) {
            all = List.copyOf(waiters);
            waiters.clear();
        }
        all.forEach(waiter -> waiter.sink.error(failure));
    }

    /** Whether nobody watched it before. */
    boolean startWatching() {
        return watched.compareAndSet(false, true);
    }

    void stopWatching() {
        watched.set(false);
    }
}
