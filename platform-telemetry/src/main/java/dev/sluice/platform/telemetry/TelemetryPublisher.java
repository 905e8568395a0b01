package dev.sluice.platform.telemetry;

import dev.sluice.platform.kafka.RecordPublisher;
import dev.sluice.platform.kafka.RecordPublishers;
import dev.sluice.record.ErrorReport;
import dev.sluice.record.Span;
import dev.sluice.schemas.Topics;

/** Puts spans and errors on their topics. */
final class TelemetryPublisher {

    private TelemetryPublisher() {}

    static Telemetry of(String service, RecordPublishers publishers, Telemetry.Losses losses) {
        RecordPublisher<Span> spans = publishers.to(Topics.SPANS);
        RecordPublisher<ErrorReport> errors = publishers.to(Topics.ERRORS);
        return new Telemetry(service, spans::publish, errors::publish, losses);
    }
}
