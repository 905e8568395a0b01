package dev.sluice.metrics.alert;

import dev.sluice.metrics.health.CacheVerdict.Status;
import dev.sluice.platform.kafka.LogSearch;
import dev.sluice.platform.kafka.LogSearch.SearchFailedException;
import dev.sluice.platform.kafka.RecordPublisher;
import dev.sluice.platform.kafka.RecordPublishers;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.record.Alert;
import dev.sluice.record.DomainEvent;
import dev.sluice.schemas.Topics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells tenants of changed verdicts, by events that their webhooks and streams get like any others. The id of an event follows from the change.
 * Nothing that comes of such an event is watched: neither is an attempt to deliver it a request, nor is it a read of the cache.
 */
final class AlertPublisher {

    private static final Logger LOG = LoggerFactory.getLogger(AlertPublisher.class);

    /** Clocks of brokers and of ours differ a little. */
    private static final Duration CLOCKS = Duration.ofMinutes(1);

    private final EventLog log;
    private final StrictJson json;
    private final MeterRegistry meters;

    /** Where events go. */
    interface EventLog {
        CompletableFuture<?> publish(String key, DomainEvent event);

        /** Whether an event of a key was written since then; empty when that cannot be found out now. Blocks. */
        Optional<Boolean> has(String key, Instant since, String id);
    }

    static EventLog over(RecordPublishers publishers, LogSearch search) {
        RecordPublisher<DomainEvent> events = publishers.to(Topics.EVENTS);
        return new EventLog() {
            @Override
            public CompletableFuture<?> publish(String key, DomainEvent event) {
                return events.publish(key, event);
            }

            @Override
            public Optional<Boolean> has(String key, Instant since, String id) {
                try {
                    return Optional.of(search.find(
                                    Topics.EVENTS,
                                    key,
                                    since,
                                    found -> found.getId().equals(id))
                            .isPresent());
                } catch (SearchFailedException e) {
                    LOG.debug("whether {} was told is not known yet", id, e);
                    return Optional.empty();
                }
            }
        };
    }

    AlertPublisher(EventLog log, StrictJson json, MeterRegistry meters) {
        this.log = log;
        this.json = json;
        this.meters = meters;
        // Of a counter that begins with its first event, that event is no increase.
        for (Subject subject : Subject.values()) {
            for (Status status : Status.values()) {
                count(subject, status);
            }
        }
    }

    /** What an event says. */
    record Data(
            String subject,
            String status,
            String previous,
            Instant since,
            double value,
            double threshold,
            String message,
            String figures) {}

    CompletableFuture<Void> publish(Alert alert) {
        DomainEvent event = eventOf(alert);
        return log.publish(keyOf(event), event)
                .thenRun(() -> count(subjectOf(alert), statusOf(alert)).increment());
    }

    /** Whether the event about an alert is there; empty when that cannot be found out now. Blocks. */
    Optional<Boolean> isOnTheLog(Alert alert) {
        DomainEvent event = eventOf(alert);
        return log.has(keyOf(event), alert.getSince().minus(CLOCKS), event.getId());
    }

    DomainEvent eventOf(Alert alert) {
        Subject subject = subjectOf(alert);
        Data data = new Data(
                subject.title(),
                words(alert.getState().name()),
                words(alert.getPrevious().name()),
                alert.getSince(),
                alert.getValue(),
                alert.getThreshold(),
                alert.getMessage(),
                subject.source());
        return DomainEvent.newBuilder()
                .setId("health-" + subject.title() + "-" + data.status() + "-"
                        + alert.getSince().toEpochMilli())
                .setSource(subject.source())
                .setType(subject.eventType(statusOf(alert)))
                .setSubject("health/" + subject.title())
                .setTime(alert.getSince())
                .setTenant(alert.getTenant())
                .setDataContentType("application/json")
                .setData(ByteBuffer.wrap(json.write(data)))
                .setExtensions(Map.of())
                .setReceivedAt(alert.getSince())
                .build();
    }

    static Status statusOf(Alert alert) {
        return switch (alert.getState()) {
            case WARNING -> Status.WARNING;
            case DEGRADED -> Status.DEGRADED;
            case HEALTHY, RESOLVED, UNKNOWN -> Status.HEALTHY;
        };
    }

    private static Subject subjectOf(Alert alert) {
        return Subject.valueOf(alert.getSubject().toUpperCase(Locale.ROOT));
    }

    private static String keyOf(DomainEvent event) {
        return event.getTenant() + "|" + event.getSubject();
    }

    private static String words(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private Counter count(Subject subject, Status status) {
        return Counter.builder("sluice.metrics.alert.events")
                .description("Events that told tenants of a changed verdict")
                .tag("subject", subject.title())
                .tag("status", words(status.name()))
                .register(meters);
    }
}
