package dev.sluice.platform.kafka;

import java.time.Duration;

/**
 * Bounds of a {@link BatchingPublisher}.
 *
 * @param interval longest time an entry waits for others of its key
 * @param batchEntries a batch of this many entries does not wait
 * @param heldEntries most entries held; past it the oldest batch is dropped
 * @param inFlight most batches that Kafka has not confirmed yet
 * @param closeTimeout longest time that closing waits for what is held
 */
public record BatchLimits(Duration interval, int batchEntries, int heldEntries, int inFlight, Duration closeTimeout) {

    /** 100 ms or 1,000 entries; 200,000 entries held are about 20 MB of cache reads and a minute of 3,000 a second. */
    public static final BatchLimits DEFAULT =
            new BatchLimits(Duration.ofMillis(100), 1_000, 200_000, 64, Duration.ofSeconds(10));

    public BatchLimits {
        if (!interval.isPositive()) {
            throw new IllegalArgumentException("interval must be positive: " + interval);
        }
        if (batchEntries < 1 || heldEntries < batchEntries) {
            throw new IllegalArgumentException(
                    "heldEntries must be at least batchEntries: " + heldEntries + ", " + batchEntries);
        }
        if (inFlight < 1) {
            throw new IllegalArgumentException("inFlight must be at least 1: " + inFlight);
        }
    }
}
