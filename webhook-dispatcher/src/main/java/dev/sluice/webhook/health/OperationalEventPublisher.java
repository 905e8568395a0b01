package dev.sluice.webhook.health;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.platform.kafka.RecordPublishers;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.record.DeadDelivery;
import dev.sluice.record.DeliveryAttempt;
import dev.sluice.record.DomainEvent;
import dev.sluice.record.WebhookDelivery;
import dev.sluice.record.WebhookEndpoint;
import dev.sluice.schemas.Topics;
import dev.sluice.webhook.endpoint.OperationalEvents;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Tells tenants of their webhooks, by events that their webhooks get like any others. The id of an event follows from what happened, so it is
 * the same should it be told twice. Thread-safe; never blocks.
 */
final class OperationalEventPublisher {

    private final BiFunction<String, DomainEvent, CompletableFuture<?>> log;
    private final StrictJson json;
    private final InstantSource clock;
    private final MeterRegistry meters;

    OperationalEventPublisher(RecordPublishers publishers, StrictJson json, InstantSource clock, MeterRegistry meters) {
        this(publishers.to(Topics.EVENTS)::publish, json, clock, meters);
    }

    /** @param log takes a key and an event */
    OperationalEventPublisher(
            BiFunction<String, DomainEvent, CompletableFuture<?>> log,
            StrictJson json,
            InstantSource clock,
            MeterRegistry meters) {
        this.log = log;
        this.json = json;
        this.clock = clock;
        this.meters = meters;
        // Of a counter that begins with its first event, that event is no increase.
        OperationalEvents.types().forEach(this::count);
    }

    /** @param since from when on all attempts had failed; null when its receiver said that it is gone */
    CompletableFuture<Void> disabled(WebhookEndpoint endpoint, DeliveryAttempt last, @Nullable Instant since) {
        String id = "disabled-" + last.getDeliveryId() + "-" + last.getAttempt();
        return publish(
                OperationalEvents.DISABLED,
                id,
                endpoint,
                new Disabled(
                        endpoint.getId(),
                        endpoint.getUrl(),
                        since == null ? "gone" : "failing",
                        since,
                        last.getStatus(),
                        last.getError()));
    }

    CompletableFuture<Void> recovered(WebhookEndpoint endpoint, Instant disabledAt) {
        return publish(
                OperationalEvents.RECOVERED,
                "recovered-" + endpoint.getId() + "-" + disabledAt.toEpochMilli(),
                endpoint,
                new Recovered(endpoint.getId(), endpoint.getUrl(), disabledAt));
    }

    CompletableFuture<Void> exhausted(WebhookEndpoint endpoint, DeadDelivery dead) {
        WebhookDelivery delivery = dead.getDelivery();
        return publish(
                OperationalEvents.EXHAUSTED,
                "exhausted-" + delivery.getId() + "-" + dead.getAt().toEpochMilli(),
                endpoint,
                new Exhausted(
                        endpoint.getId(),
                        endpoint.getUrl(),
                        delivery.getId(),
                        delivery.getEventId(),
                        delivery.getEventType(),
                        dead.getReason().name().toLowerCase(Locale.ROOT),
                        delivery.getAttempt(),
                        dead.getLastStatus(),
                        dead.getLastError()));
    }

    private CompletableFuture<Void> publish(String type, String id, WebhookEndpoint endpoint, Object data) {
        Instant now = clock.instant();
        DomainEvent event = DomainEvent.newBuilder()
                .setId(id)
                .setSource(OperationalEvents.sourceOf(endpoint.getId()))
                .setType(type)
                .setSubject("webhooks/" + endpoint.getId())
                .setTime(now)
                .setTenant(endpoint.getTenant())
                .setDataContentType("application/json")
                .setData(ByteBuffer.wrap(json.write(data)))
                .setExtensions(Map.of())
                .setReceivedAt(now)
                .build();
        return log.apply(event.getTenant() + "|" + event.getSubject(), event)
                .thenRun(() -> count(type).increment());
    }

    private Counter count(String type) {
        return Counter.builder("sluice.webhook.operational.events")
                .description("Events that told a tenant of its webhooks")
                .tag("type", type)
                .register(meters);
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Disabled(
            String webhookId,
            String url,
            String reason,
            @Nullable Instant failingSince,
            @Nullable Integer lastStatus,
            @Nullable String lastError) {}

    private record Recovered(String webhookId, String url, Instant disabledAt) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Exhausted(
            String webhookId,
            String url,
            String deliveryId,
            String eventId,
            String eventType,
            String reason,
            int attempts,
            @Nullable Integer lastStatus,
            @Nullable String lastError) {}
}
