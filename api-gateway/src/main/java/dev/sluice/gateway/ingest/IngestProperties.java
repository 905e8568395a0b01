package dev.sluice.gateway.ingest;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How events are taken.
 *
 * @param maxEventSize the largest request body with an event
 * @param maxBytesInFlight how many bytes of events may wait for their answer before more are refused
 * @param ackTimeout how long the log may take to confirm an event before its producer is told to try again
 */
@ConfigurationProperties("sluice.gateway.ingest")
record IngestProperties(
        @DefaultValue("256KB") DataSize maxEventSize,
        @DefaultValue("32MB") DataSize maxBytesInFlight,
        @DefaultValue("4500ms") Duration ackTimeout) {

    IngestProperties {
        if (maxEventSize.toBytes() < 1) {
            throw new IllegalArgumentException(
                    "sluice.gateway.ingest.max-event-size must be positive: " + maxEventSize);
        }
        if (maxBytesInFlight.compareTo(maxEventSize) < 0) {
            throw new IllegalArgumentException(
                    "sluice.gateway.ingest.max-bytes-in-flight must hold one event: " + maxBytesInFlight);
        }
        if (!ackTimeout.isPositive()) {
            throw new IllegalArgumentException("sluice.gateway.ingest.ack-timeout must be positive: " + ackTimeout);
        }
    }
}
