package dev.sluice.gateway.fleet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All gateways of the platform. Each says on the log how far it has applied the tables: at once after a change, one
 * message at a time, and else with every heartbeat. So whoever makes a change learns when it is in force everywhere.
 * Thread-safe.
 */
public final class Fleet implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Fleet.class);
    private static final Duration FAREWELL = Duration.ofSeconds(1);

    private record Waiter(String table, long offset, CompletableFuture<Progress> answer) {}

    private final Members members;
    private final HeartbeatSender sender;
    private final Duration heartbeat;
    private final LongSupplier nanoTime;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("gateway-heartbeats").daemon().factory());

    private final Map<String, Long> applied = new ConcurrentHashMap<>();
    private final AtomicBoolean joined = new AtomicBoolean();
    private final AtomicBoolean news = new AtomicBoolean();
    private final AtomicBoolean sending = new AtomicBoolean();
    private final Object lock = new Object();
    private final List<Waiter> waiters = new ArrayList<>();

    Fleet(Members members, HeartbeatSender sender, Duration heartbeat, LongSupplier nanoTime) {
        this.members = members;
        this.sender = sender;
        this.heartbeat = heartbeat;
        this.nanoTime = nanoTime;
    }

    /** From now on this gateway serves, and says how far it has come. */
    public void join() {
        if (joined.compareAndSet(false, true)) {
            ScheduledFuture<?> _ =
                    timer.scheduleWithFixedDelay(this::announce, 0, heartbeat.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** This gateway has applied a table up to an offset. */
    public void applied(String table, long offset) {
        applied.merge(table, offset, Math::max);
        if (joined.get()) {
            announce();
        }
    }

    /** Completes when every gateway has applied a table up to an offset, or, incomplete, when the time is over. */
    public CompletableFuture<Progress> awaitApplied(String table, long offset, Duration atMost) {
        Waiter waiter = new Waiter(table, offset, new CompletableFuture<>());
        synchronized (lock) {
            waiters.add(waiter);
        }
        check();
        try {
            ScheduledFuture<?> limit = timer.schedule(() -> giveUp(waiter), atMost.toNanos(), TimeUnit.NANOSECONDS);
            return waiter.answer.whenComplete((progress, failure) -> limit.cancel(false));
        } catch (RejectedExecutionException e) {
            // This gateway stops; nobody is told of anything any more.
            giveUp(waiter);
            return waiter.answer;
        }
    }

    /** How many gateways are alive by what was heard; 0 when nothing was heard lately, not even this one. */
    public int size() {
        synchronized (lock) {
            return members.size(nanoTime.getAsLong());
        }
    }

    void heard(String instance, Map<String, Long> howFar) {
        synchronized (lock) {
            members.heard(instance, howFar, nanoTime.getAsLong());
        }
        check();
    }

    void left(String instance) {
        synchronized (lock) {
            members.left(instance);
        }
        check();
    }

    /** Says farewell, so that nobody waits for this gateway. */
    @Override
    public void close() {
        timer.shutdownNow();
        if (!joined.getAndSet(false)) {
            return;
        }
        try {
            sender.leave().orTimeout(FAREWELL.toMillis(), TimeUnit.MILLISECONDS).join();
        } catch (RuntimeException e) {
            LOG.warn("the other gateways could not be told that this one stops", e);
        }
    }

    /** One message at a time: what comes meanwhile goes with the next. */
    private void announce() {
        news.set(true);
        if (!sending.compareAndSet(false, true)) {
            return;
        }
        news.set(false);
        CompletableFuture<?> _ = beat().whenComplete((sent, failure) -> {
            sending.set(false);
            if (failure == null && news.get() && joined.get()) {
                announce();
            }
        });
    }

    /** An exception would end the schedule, and leave the one message on its way for ever. */
    private CompletableFuture<?> beat() {
        try {
            return sender.beat(Map.copyOf(applied));
        } catch (RuntimeException e) {
            LOG.error("a heartbeat could not be sent", e);
            return CompletableFuture.failedFuture(e);
        }
    }

    private void check() {
        List<Runnable> answers = new ArrayList<>();
        synchronized (lock) {
            long now = nanoTime.getAsLong();
            for (Iterator<Waiter> each = waiters.iterator(); each.hasNext(); ) {
                Waiter waiter = each.next();
                Progress progress = members.progress(waiter.table, waiter.offset, now);
                if (progress.complete()) {
                    each.remove();
                    answers.add(() -> waiter.answer.complete(progress));
                }
            }
        }
        // Whoever continues there must not hold up the log.
        answers.forEach(answer -> Thread.startVirtualThread(answer));
    }

    private void giveUp(Waiter waiter) {
        Progress progress;
        synchronized (lock) {
            waiters.remove(waiter);
            progress = members.progress(waiter.table, waiter.offset, nanoTime.getAsLong());
        }
        Thread.startVirtualThread(() -> waiter.answer.complete(progress));
    }
}
