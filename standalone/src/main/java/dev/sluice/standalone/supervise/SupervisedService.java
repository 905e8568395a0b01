package dev.sluice.standalone.supervise;

import dev.sluice.platform.local.LocalProcess;
import dev.sluice.standalone.state.ProcessIdentity;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One child process and the thread that watches it. A death before the first readiness is final; later ones are
 * followed by a restart after the policy's delay.
 */
public final class SupervisedService {

    private static final Duration PROBE_INTERVAL = Duration.ofMillis(200);

    private final ServiceBlueprint blueprint;
    private final RestartPolicy policy;
    private final InstantSource clock;
    private final Consumer<ServiceStatus> listener;
    private final CountDownLatch stopRequested = new CountDownLatch(1);
    private final CompletableFuture<Void> stopSignal = new CompletableFuture<>();
    private final CompletableFuture<ServiceStatus> firstOutcome = new CompletableFuture<>();
    private volatile ServiceStatus status;
    private @Nullable Thread watcher;

    /** The listener is called from the watching thread at every change of the status. */
    public SupervisedService(
            ServiceBlueprint blueprint, RestartPolicy policy, InstantSource clock, Consumer<ServiceStatus> listener) {
        this.blueprint = blueprint;
        this.policy = policy;
        this.clock = clock;
        this.listener = listener;
        this.status = ServiceStatus.waiting(blueprint.name());
    }

    public ServiceStatus status() {
        return status;
    }

    public ServiceBlueprint blueprint() {
        return blueprint;
    }

    /** Returns at once; the outcome of the first start is READY or FAILED (or STOPPED, when stopped meanwhile). */
    public synchronized CompletableFuture<ServiceStatus> start() {
        if (watcher == null) {
            watcher = Thread.ofPlatform()
                    .daemon()
                    .name("watch " + blueprint.name())
                    .start(this::watch);
        }
        return firstOutcome;
    }

    /** Completes once it was ready for the first time; never, when it does not get there. */
    public CompletableFuture<Void> ready() {
        return firstOutcome.thenCompose(outcome -> outcome.phase() == ServicePhase.READY
                ? CompletableFuture.completedFuture(null)
                : new CompletableFuture<>());
    }

    /** Returns once the process is gone. Can be called at any time, also twice. */
    public void stop() throws InterruptedException {
        stopRequested.countDown();
        stopSignal.complete(null);
        Thread watching;
        synchronized (this) {
            watching = watcher;
        }
        if (watching != null) {
            watching.join();
        }
        changeTo(status.stopped());
        firstOutcome.complete(status);
    }

    private void watch() {
        try {
            while (!isStopRequested()) {
                if (!runOnce() || !waitForRestart()) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One life of the process; false when it was the last one. */
    private boolean runOnce() throws InterruptedException {
        LocalProcess started;
        try {
            started = blueprint.starter().start();
        } catch (IOException e) {
            return giveUpOrBackOff("cannot be started: " + e.getMessage());
        }
        changeTo(status.started(ProcessIdentity.of(started.pid())
                .orElseGet(() -> new ProcessIdentity(started.pid(), clock.instant(), null))));
        Optional<String> trouble = awaitReadiness(started);
        if (trouble.isEmpty() && !isStopRequested()) {
            changeTo(status.ready(clock.instant()));
            firstOutcome.complete(status);
            awaitEnd(started);
        }
        if (isStopRequested()) {
            end(started);
            return false;
        }
        String reason = trouble.orElseGet(() -> "ended with status " + exitStatus(started));
        started.kill();
        return giveUpOrBackOff(reason);
    }

    private boolean giveUpOrBackOff(String reason) {
        if (!firstOutcome.isDone()) {
            changeTo(status.failed(reason));
            firstOutcome.complete(status);
            return false;
        }
        changeTo(status.died(reason, clock.instant(), policy));
        return true;
    }

    /** Why it did not get ready; nothing when it did or a stop was requested. */
    private Optional<String> awaitReadiness(LocalProcess started) throws InterruptedException {
        long deadline = System.nanoTime() + blueprint.startLimit().toNanos();
        while (!isStopRequested()) {
            if (!started.isAlive()) {
                return Optional.of("ended with status " + exitStatus(started) + " while starting");
            }
            Optional<String> obstacle = blueprint.probe().findObstacle();
            if (obstacle.isEmpty()) {
                return Optional.empty();
            }
            if (System.nanoTime() - deadline > 0) {
                return Optional.of("is not ready after %d s: %s"
                        .formatted(blueprint.startLimit().toSeconds(), obstacle.get()));
            }
            if (!obstacle.get().equals(status.detail())) {
                changeTo(status.waitingFor(obstacle.get()));
            }
            stopRequested.await(PROBE_INTERVAL.toNanos(), TimeUnit.NANOSECONDS);
        }
        return Optional.empty();
    }

    private void awaitEnd(LocalProcess started) {
        CompletableFuture.anyOf(started.onExit(), stopSignal).join();
    }

    private void end(LocalProcess running) throws InterruptedException {
        changeTo(status.stopping());
        running.stop(blueprint.stopGrace());
    }

    /** False when a stop was requested meanwhile. */
    private boolean waitForRestart() throws InterruptedException {
        Instant next = status.nextStartAt();
        Duration delay = next == null ? Duration.ZERO : Duration.between(clock.instant(), next);
        return !stopRequested.await(Math.max(0, delay.toNanos()), TimeUnit.NANOSECONDS);
    }

    private boolean isStopRequested() {
        return stopRequested.getCount() == 0;
    }

    private static int exitStatus(LocalProcess ended) {
        return ended.onExit().join();
    }

    private synchronized void changeTo(ServiceStatus next) {
        if (next.equals(status)) {
            return;
        }
        status = next;
        listener.accept(next);
    }
}
