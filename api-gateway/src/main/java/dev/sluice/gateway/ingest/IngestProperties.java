package dev.sluice.gateway.ingest;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How events are taken.
 *
 * @param maxEventSize the largest event
 * @param maxBatchSize the largest request body with a batch of events; sluice.web.max-body-size must let it through
 * @param maxBatchEvents most events in a batch
 * @param maxBytesInFlight how many bytes of events may wait for their answer before more are refused
 * @param ackTimeout how long the log may take to confirm an event before its producer is told to try again
 * @param idempotencyWindow how long an event is known by its source and id, or by its Idempotency-Key
 * @param claimLease how long a write may take before another request with the same event looks on the log for it; longer
 *     than sluice.kafka.queue-time and the producer's delivery timeout (15s) together
 * @param claimDeadline how long an event waits for Redis before it is taken unchecked, or refused if it has a key
 * @param maxImports most uploads of many events that are taken at once
 */
@ConfigurationProperties("sluice.gateway.ingest")
record IngestProperties(
        @DefaultValue("256KB") DataSize maxEventSize,
        @DefaultValue("1MB") DataSize maxBatchSize,
        @DefaultValue("1000") int maxBatchEvents,
        @DefaultValue("32MB") DataSize maxBytesInFlight,
        @DefaultValue("4500ms") Duration ackTimeout,
        @DefaultValue("24h") Duration idempotencyWindow,
        @DefaultValue("30s") Duration claimLease,
        @DefaultValue("1s") Duration claimDeadline,
        @DefaultValue("8") int maxImports) {

    IngestProperties {
        if (maxEventSize.toBytes() < 1) {
            throw new IllegalArgumentException(
                    "sluice.gateway.ingest.max-event-size must be positive: " + maxEventSize);
        }
        if (maxBatchSize.compareTo(maxEventSize) < 0) {
            throw new IllegalArgumentException(
                    "sluice.gateway.ingest.max-batch-size must hold one event: " + maxBatchSize);
        }
        if (maxBatchEvents < 1) {
            throw new IllegalArgumentException(
                    "sluice.gateway.ingest.max-batch-events must be at least 1: " + maxBatchEvents);
        }
        if (maxBytesInFlight.compareTo(maxBatchSize) < 0) {
            throw new IllegalArgumentException(
                    "sluice.gateway.ingest.max-bytes-in-flight must hold one batch: " + maxBytesInFlight);
        }
        if (maxImports < 1) {
            throw new IllegalArgumentException("sluice.gateway.ingest.max-imports must be at least 1: " + maxImports);
        }
        requirePositive("ack-timeout", ackTimeout);
        requirePositive("claim-lease", claimLease);
        requirePositive("claim-deadline", claimDeadline);
        if (idempotencyWindow.compareTo(claimLease) < 0) {
            throw new IllegalArgumentException(
                    "sluice.gateway.ingest.idempotency-window must not be shorter than claim-lease: "
                            + idempotencyWindow);
        }
    }

    private static void requirePositive(String name, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException("sluice.gateway.ingest." + name + " must be positive: " + value);
        }
    }
}
