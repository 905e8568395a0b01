package dev.sluice.gateway.ratelimit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.MonoSink;

/** One tenant's lease book and the requests that wait for it, first come, first served. Thread-safe. */
final class LeaseAccount {

    record Waiter(LeaseBook.Waiting what, MonoSink<LimitDecision> sink) {}

    private record Served(Waiter waiter, LimitDecision decision) {}

    private final String tenant;
    private final LeaseBook book;
    private final Queue<Waiter> waiters = new ArrayDeque<>();
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

    Waiter enqueue(LeaseBook.Waiting what, MonoSink<LimitDecision> sink) {
        Waiter waiter = new Waiter(what, sink);
        synchronized (waiters) {
            waiters.add(waiter);
        }
        return waiter;
    }

    void leave(Waiter waiter) {
        synchronized (waiters) {
            waiters.remove(waiter);
        }
    }

    List<LeaseBook.Waiting> waiting() {
        synchronized (waiters) {
            return waiters.stream().map(Waiter::what).toList();
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
                LimitDecision decision =
                        book.tryAgain(waiter.what().limits(), waiter.what().cost(), now);
                if (decision != null) {
                    each.remove();
                    served.add(new Served(waiter, decision));
                }
            }
        }
        served.forEach(one -> one.waiter().sink().success(one.decision()));
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
        all.forEach(waiter -> waiter.sink().error(failure));
    }

    /** Whether nobody watched it before. */
    boolean startWatching() {
        return watched.compareAndSet(false, true);
    }

    void stopWatching() {
        watched.set(false);
    }
}
