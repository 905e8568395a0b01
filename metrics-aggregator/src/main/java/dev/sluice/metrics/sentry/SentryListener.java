package dev.sluice.metrics.sentry;

import dev.sluice.platform.kafka.RecordListenerContainers;
import dev.sluice.record.ErrorReport;
import dev.sluice.schemas.Topics;
import java.time.InstantSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Hands on every error, whichever service met it; of all aggregators one. */
final class SentryListener {

    private final SentryEnvelope envelope;
    private final SentryProject project;
    private final InstantSource clock;

    private SentryListener(SentryEnvelope envelope, SentryProject project, InstantSource clock) {
        this.envelope = envelope;
        this.project = project;
        this.clock = clock;
    }

    static void listen(
            RecordListenerContainers containers,
            String group,
            SentryEnvelope envelope,
            SentryProject project,
            InstantSource clock) {
        SentryListener listener = new SentryListener(envelope, project, clock);
        containers.<ErrorReport>listen(Topics.ERRORS, group, listener::onError);
    }

    private void onError(ConsumerRecord<String, ErrorReport> record) {
        String place = record.topic() + "-" + record.partition() + "-" + record.offset();
        project.send(envelope.of(record.value(), place, clock.instant()));
    }
}
