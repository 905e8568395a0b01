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
 */
@ConfigurationProperties("sluice.gateway.ingest")
record IngestProperties(
        @DefaultValue("256KB") DataSize maxEventSize,
        @DefaultValue("1MB") DataSize maxBatchSize,
        @DefaultValue("1000") int maxBatchEvents,
        @DefaultValue("32MB") DataSize maxBytesInFlight,
        @DefaultValue("4500ms") Duration ackTimeout) {

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
        if (!ackTimeout.isPositive()) {
            throw new IllegalArgumentException("sluice.gateway.ingest.ack-timeout must be positive: " + ackTimeout);
        }
    }
}
