package dev.sluice.webhook.delivery;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Runs deliveries as the lane schedule allows. Thread-safe. */
final class Lanes {

    /** Whether one more may be begun, whoever's turn it is. Thread-safe. */
    interface Room {

        Room ENDLESS = new Room() {
            @Override
            public boolean isThere(Runnable later) {
                return true;
            }

            @Override
            public void take() {}
        };

        /**
         * Whether one may be begun now.
         *
         * @param later called once there may be some, when there is none now; not by this call
         */
        boolean isThere(Runnable later);

        /** One is begun. */
        void take();
    }

    /**
     * The log takes some fifteen milliseconds, since attempts gather for it; receivers that are near answer within one or two. As many as may be in flight were
     * not enough for what two cores can do.
     */
    private static final int UNWRITTEN_FOR_EACH = 2;

    private final LaneSchedule<Job> schedule;
    private final EndpointGates gates;
    private final Room room;
    private final Consumer<String> waker = this::wake;
    private final Function<Job, CompletionStage<?>> work;
    /** Above zero while a thread starts jobs; further calls only count, so that ends of jobs never nest. */
    private final AtomicInteger calls = new AtomicInteger();
    /** Jobs whose turn is over and that the log does not have yet. */
    private final AtomicInteger unwritten = new AtomicInteger();

    private final int mostUnwritten;

    Lanes(LaneLimits limits, EndpointGates gates, Room room, Function<Job, CompletionStage<?>> work) {
        schedule = new LaneSchedule<>(limits, id -> gates.tryEnter(id, waker));
        this.gates = gates;
        this.room = room;
        this.work = work;
        mostUnwritten = UNWRITTEN_FOR_EACH * limits.inFlight();
        gates.onOpen(waker);
    }

    /** Adds a delivery at the end of its endpoint's lane; false when that is full. What may start then is yet to be started. */
    synchronized boolean offer(Job job) {
        return schedule.offer(job.delivery().getTenant(), job.endpointId(), job);
    }

    /** The same of one of which somebody else sees to it that they do not become too many. */
    synchronized void add(Job job) {
        schedule.add(job.delivery().getTenant(), job.endpointId(), job);
    }

    /** Takes back what waits for an endpoint. */
    synchronized List<Job> withdraw(String endpointId) {
        return schedule.withdraw(endpointId);
    }

    /** Whether something waits for an endpoint. */
    synchronized boolean isWaiting(String endpointId) {
        return schedule.isWaiting(endpointId);
    }

    synchronized int inFlight() {
        return schedule.inFlight();
    }

    synchronized int waiting() {
        return schedule.waiting();
    }

    private synchronized Optional<Job> next() {
        if (schedule.waiting() == 0 || !room.isThere(this::startWhatMay)) {
            return Optional.empty();
        }
        Optional<Job> job = schedule.next();
        job.ifPresent(begun -> room.take());
        return job;
    }

    private void wake(String endpointId) {
        woken(endpointId);
        startWhatMay();
    }

    private synchronized void woken(String endpointId) {
        schedule.woken(endpointId);
    }

    private synchronized void finished(Job job) {
        schedule.finished(job.endpointId());
    }

    void startWhatMay() {
        if (calls.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        while (seen != 0) {
            for (Optional<Job> job = next(); job.isPresent(); job = next()) {
                start(job.get());
            }
            seen = calls.addAndGet(-seen);
        }
    }

    /** Begins one that sends nothing: it needs no turn, and its endpoint may have none for ever. */
    void startAside(Job job) {
        begin(job).whenComplete((done, failure) -> complete(job, failure));
    }

    private void start(Job job) {
        Turn turn = new Turn(job);
        CompletableFuture<?> _ = job.sent().thenRun(turn::endEarly);
        begin(job).whenComplete((done, failure) -> turn.end(failure));
    }

    private CompletionStage<?> begin(Job job) {
        try {
            return work.apply(job);
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    /**
     * A job that has its turn. When its receiver has it, the turn is another's while the log is waited for; but of those that were sent and
     * would be again after a crash there are no more than twice as many as may be in flight, so that a log that takes nothing stops them.
     */
    private final class Turn {

        private final Job job;
        private boolean over;

        Turn(Job job) {
            this.job = job;
        }

        void endEarly() {
            if (unwritten.getAndIncrement() >= mostUnwritten) {
                unwritten.decrementAndGet();
                return;
            }
            over = true;
            finished(job);
            gates.leave(job.endpointId(), waker);
        }

        /** Behind {@link #endEarly}, if that is called. */
        void end(@Nullable Throwable failure) {
            if (over) {
                unwritten.decrementAndGet();
                complete(job, failure);
                return;
            }
            finished(job);
            complete(job, failure);
            gates.leave(job.endpointId(), waker);
        }
    }

    private static void complete(Job job, @Nullable Throwable failure) {
        if (failure == null) {
            job.done().complete(null);
        } else {
            job.done().completeExceptionally(failure);
        }
    }
}
