package dev.sluice.metrics.alert;

import dev.sluice.metrics.streams.StoresNotReadyException;
import dev.sluice.platform.web.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Has the one instance that leads look at something from time to time, on a thread of its own, and tell what it was to tell before. */
final class LeaderWatch implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(LeaderWatch.class);

    private final String name;
    private final Duration every;
    private final BooleanSupplier leads;
    private final AlertDesk desk;
    private final Duty duty;
    private final InstantSource clock;
    private final ScheduledExecutorService thread;
    private volatile boolean started;
    private boolean leading;

    /** What the leader does; on one thread. */
    interface Duty {
        /** Looks; fails with {@link ProblemException} or {@link StoresNotReadyException} while the figures cannot be read. */
        void look(Instant now);

        /** Somebody else looks from now on. */
        void forget();
    }

    /**
     * A watch that is not begun.
     *
     * @param name of its thread
     * @param every how long it waits between two looks; zero when it never looks
     * @param leads whether this instance is the one that looks
     * @param desk where what is found is told
     */
    LeaderWatch(String name, Duration every, BooleanSupplier leads, AlertDesk desk, Duty duty, InstantSource clock) {
        this.name = name;
        this.every = every;
        this.leads = leads;
        this.desk = desk;
        this.duty = duty;
        this.clock = clock;
        this.thread = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name(name).daemon().factory());
    }

    @Override
    public void start() {
        started = true;
        if (every.isPositive()) {
            long pause = every.toMillis();
            var _ = thread.scheduleWithFixedDelay(this::look, pause, pause, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void stop() {
        started = false;
        thread.shutdownNow();
    }

    @Override
    public boolean isRunning() {
        return started;
    }

    private void look() {
        try {
            lookOnce();
        } catch (ProblemException | StoresNotReadyException e) {
            LOG.debug("{}: the figures cannot be read now", name, e);
        } catch (RuntimeException e) {
            LOG.warn("{}: the figures were not looked at", name, e);
        }
    }

    void lookOnce() {
        Instant now = clock.instant();
        if (!desk.isReady() || !leads.getAsBoolean()) {
            leading = false;
            duty.forget();
            return;
        }
        if (!leading) {
            desk.takeOver(now);
            leading = true;
        }
        desk.catchUp();
        duty.look(now);
    }
}
