package dev.sluice.benchmarks.webhook;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;

/** How many came in each fifth of a second, and how idle the machine was meanwhile: where it is idle, something waits that is not the processor. */
final class Course {

    private static final long STEP_NANOS = Duration.ofMillis(200).toNanos();
    private static final double NANOS_A_SECOND = 1e9;
    private static final double PERCENT = 100;
    private static final int CORES = Runtime.getRuntime().availableProcessors();

    private final StringBuilder told = new StringBuilder();
    private long lookedAt = System.nanoTime();
    private double idle = idleSeconds();
    private int before;

    /** @param came until now */
    void at(int came) {
        long now = System.nanoTime();
        if (now - lookedAt < STEP_NANOS) {
            return;
        }
        double idleNow = idleSeconds();
        double seconds = (now - lookedAt) / NANOS_A_SECOND;
        told.append(" %d(%.0f)".formatted(came - before, PERCENT * (idleNow - idle) / CORES / seconds));
        before = came;
        lookedAt = now;
        idle = idleNow;
    }

    private static double idleSeconds() {
        try {
            return Figures.idleSeconds();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return told.toString();
    }
}
