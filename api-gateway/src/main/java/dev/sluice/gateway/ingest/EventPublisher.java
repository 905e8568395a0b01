package dev.sluice.gateway.ingest;

import dev.sluice.platform.kafka.RecordPublisher;
import dev.sluice.platform.kafka.RecordPublishers;
import dev.sluice.record.DomainEvent;
import dev.sluice.schemas.TopicDescriptor;
import dev.sluice.schemas.Topics;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Puts events on the log, those about one subject in order. Thread-safe; never blocks. */
@Component
class EventPublisher {

    static final TopicDescriptor<DomainEvent> TOPIC = Topics.EVENTS;

    private final RecordPublisher<DomainEvent> events;

    EventPublisher(RecordPublishers publishers) {
        this.events = publishers.to(TOPIC);
    }

    /** Completes once all in-sync replicas have the event; fails as {@link RecordPublisher#publish} says. */
    CompletableFuture<RecordMetadata> publish(DomainEvent event) {
        return events.publish(keyOf(event), event);
    }

    /** The same in two steps: encodes the event now, and hands it over when the result is asked. */
    Supplier<CompletableFuture<RecordMetadata>> prepare(DomainEvent event) {
        return events.prepare(keyOf(event), event);
    }

    static String keyOf(DomainEvent event) {
        return keyOf(event.getTenant(), event.getSubject(), event.getId());
    }

    static String keyOf(String tenant, @Nullable String subject, String id) {
        return tenant + "|" + (subject == null ? id : subject);
    }
}
