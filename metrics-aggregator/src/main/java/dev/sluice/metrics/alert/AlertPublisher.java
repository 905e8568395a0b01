package dev.sluice.metrics.alert;

import dev.sluice.metrics.alert.AlertEvents.Label;
import dev.sluice.platform.kafka.LogSearch;
import dev.sluice.platform.kafka.LogSearch.SearchFailedException;
import dev.sluice.platform.kafka.RecordPublisher;
import dev.sluice.platform.kafka.RecordPublishers;
import dev.sluice.record.Alert;
import dev.sluice.record.DomainEvent;
import dev.sluice.schemas.Topics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells tenants of alerts, by events that their webhooks and streams get like any others. The id of an event follows from the change.
 * Nothing that comes of such an event is watched: neither is an attempt to deliver it a request, nor is it a read of the cache.
 */
final class AlertPublisher {

    private static final Logger LOG = LoggerFactory.getLogger(AlertPublisher.class);

    /** Clocks of brokers and of ours differ a little. */
    private static final Duration CLOCKS = Duration.ofMinutes(1);

    private final EventLog log;
    private final AlertEvents events;
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

    AlertPublisher(EventLog log, AlertEvents events, MeterRegistry meters) {
        this.log = log;
        this.events = events;
        this.meters = meters;
        // Of a counter that begins with its first event, that event is no increase.
        events.labels().forEach(this::count);
    }

    CompletableFuture<Void> publish(Alert alert) {
        DomainEvent event = events.eventOf(alert);
        return log.publish(keyOf(event), event)
                .thenRun(() -> count(events.labelOf(alert)).increment());
    }

    /** Whether the event about an alert is there; empty when that cannot be found out now. Blocks. */
    Optional<Boolean> isOnTheLog(Alert alert) {
        DomainEvent event = events.eventOf(alert);
        return log.has(keyOf(event), alert.getSince().minus(CLOCKS), event.getId());
    }

    boolean tells(Alert alert) {
        return events.tells(alert);
    }

    private static String keyOf(DomainEvent event) {
        return event.getTenant() + "|" + event.getSubject();
    }

    private Counter count(Label label) {
        return Counter.builder("sluice.metrics.alert.events")
                .description("Events that told tenants of a changed verdict, or of something unusual")
                .tag("subject", label.subject())
                .tag("status", label.status())
                .register(meters);
    }
}
