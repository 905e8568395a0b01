package dev.sluice.webhook.delivery;

import dev.sluice.record.WebhookDelivery;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Runs deliveries as the lane schedule allows. A delivery whose lane is full is given to the overflow, which keeps it on
 * the log until later, so that its partition is not held up. Thread-safe.
 */
final class Lanes {

    private final LaneSchedule<Job> schedule;
    private final EndpointGates gates;
    private final Consumer<String> waker = this::wake;
    private final Function<WebhookDelivery, CompletionStage<?>> work;
    private final Function<WebhookDelivery, CompletionStage<?>> overflow;
    /** Above zero while a thread starts jobs; further calls only count, so that ends of jobs never nest. */
    private final AtomicInteger calls = new AtomicInteger();

    Lanes(
            LaneLimits limits,
            EndpointGates gates,
            Function<WebhookDelivery, CompletionStage<?>> work,
            Function<WebhookDelivery, CompletionStage<?>> overflow) {
        schedule = new LaneSchedule<>(limits, id -> gates.tryEnter(id, waker));
        this.gates = gates;
        this.work = work;
        this.overflow = overflow;
        gates.onOpen(waker);
    }

    /** Completes when the delivery is done with, one way or the other. */
    CompletionStage<?> run(WebhookDelivery delivery) {
        Job job = new Job(delivery, new CompletableFuture<>());
        if (!offer(job)) {
            return overflow.apply(delivery);
        }
        startWhatMay();
        return job.done();
    }

    synchronized int inFlight() {
        return schedule.inFlight();
    }

    synchronized int waiting() {
        return schedule.waiting();
    }

    private synchronized boolean offer(Job job) {
        return schedule.offer(job.endpointId(), job);
    }

    private synchronized Optional<Job> next() {
        return schedule.next();
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

    private void startWhatMay() {
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

    private void start(Job job) {
        CompletionStage<?> stage;
        try {
            stage = work.apply(job.delivery());
        } catch (RuntimeException e) {
            stage = CompletableFuture.failedStage(e);
        }
        stage.whenComplete((done, failure) -> end(job, failure));
    }

    private void end(Job job, @org.jspecify.annotations.Nullable Throwable failure) {
        finished(job);
        if (failure == null) {
            job.done().complete(null);
        } else {
            job.done().completeExceptionally(failure);
        }
        gates.leave(job.endpointId(), waker);
    }

    private record Job(WebhookDelivery delivery, CompletableFuture<@org.jspecify.annotations.Nullable Void> done) {

        String endpointId() {
            return delivery.getEndpointId();
        }
    }
}
