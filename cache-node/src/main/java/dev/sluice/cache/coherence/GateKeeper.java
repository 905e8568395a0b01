package dev.sluice.cache.coherence;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the gate ten times a second, on a thread of its own. */
final class GateKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GateKeeper.class);
    private static final Duration INTERVAL = Duration.ofMillis(100);

    private final FirstLevelGate gate;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("first-level-gate").daemon().factory());

    GateKeeper(FirstLevelGate gate) {
        this.gate = gate;
        ScheduledFuture<?> _ =
                thread.scheduleWithFixedDelay(this::check, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    /** An exception would end the schedule. */
    private void check() {
        try {
            gate.check();
        } catch (RuntimeException | Error e) {
            LOG.error("Looking at the first level's gate failed; looking again", e);
        }
    }
}
