package dev.sluice.gateway.stream;

import dev.sluice.platform.kafka.RecordPublisher;
import dev.sluice.platform.kafka.RecordPublishers;
import dev.sluice.record.DomainEvent;
import dev.sluice.schemas.Topics;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Puts events of one tenant on the log, whose ids are numbers from 0. */
final class TestPublisher {

    private final RecordPublisher<DomainEvent> events;
    private final String tenant;
    private final AtomicInteger next = new AtomicInteger();

    TestPublisher(RecordPublishers publishers, String tenant) {
        this.events = publishers.to(Topics.EVENTS);
        this.tenant = tenant;
    }

    /** Returns when the log has it. */
    void publish(String type, @Nullable String subject) {
        send(type, subject, "").join();
    }

    CompletableFuture<?> send(String type, @Nullable String subject, String filling) {
        String id = Integer.toString(next.getAndIncrement());
        DomainEvent event = TestEvents.event(
                tenant,
                id,
                type,
                subject,
                "{\"n\": " + id + (filling.isEmpty() ? "}" : ",\"filling\":\"" + filling + "\"}"));
        return events.publish(tenant + "|" + (subject == null ? id : subject), event)
                .orTimeout(60, TimeUnit.SECONDS);
    }
}
