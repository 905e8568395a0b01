package dev.sluice.gateway.apikey;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Writes the last uses of keys every few seconds, and once more at shutdown: after the last request, before Redis goes. */
final class KeyUseFlush implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(KeyUseFlush.class);
    private static final Duration LIMIT = Duration.ofSeconds(5);
    /** The connections of Redis stop in phase 0, the web server in a much higher one; the higher stops first. */
    private static final int PHASE = 1;

    private final KeyUses uses;
    private final Duration interval;
    private volatile @Nullable ScheduledExecutorService timer;

    KeyUseFlush(KeyUses uses, Duration interval) {
        this.uses = uses;
        this.interval = interval;
    }

    @Override
    public void start() {
        ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("key-uses").daemon().factory());
        ScheduledFuture<?> _ = started.scheduleWithFixedDelay(
                this::flush, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
        timer = started;
    }

    @Override
    public void stop() {
        ScheduledExecutorService started = timer;
        timer = null;
        if (started != null) {
            started.shutdown();
            flush();
        }
    }

    /** An exception would end the schedule. */
    private void flush() {
        try {
            uses.flush().block(LIMIT);
        } catch (RuntimeException | Error e) {
            LOG.warn("when keys were last used could not be written; it is tried again", e);
        }
    }

    @Override
    public boolean isRunning() {
        return timer != null;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
