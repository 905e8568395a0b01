package dev.sluice.gateway.ingest;

import dev.sluice.platform.kafka.RecordPublisher;
import dev.sluice.platform.kafka.RecordPublishers;
import dev.sluice.record.DomainEvent;
import dev.sluice.schemas.Topics;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.springframework.stereotype.Component;

/** Puts events on the log, those about one subject in order. Thread-safe; never blocks. */
@Component
class EventPublisher {

    private final RecordPublisher<DomainEvent> events;

    EventPublisher(RecordPublishers publishers) {
        this.events = publishers.to(Topics.EVENTS);
    }

    /** Completes once all in-sync replicas have the event; fails as {@link RecordPublisher#publish} says. */
    CompletableFuture<RecordMetadata> publish(DomainEvent event) {
        return events.publish(keyOf(event), event);
    }

    static String keyOf(DomainEvent event) {
        String subject = event.getSubject();
        return event.getTenant() + "|" + (subject == null ? event.getId() : subject);
    }
}
