package dev.sluice.webhook.fanout;

import dev.sluice.platform.telemetry.Telemetry;
import dev.sluice.platform.web.TraceParent;
import dev.sluice.record.DomainEvent;
import dev.sluice.record.WebhookDelivery;
import dev.sluice.schemas.Topics;
import dev.sluice.webhook.endpoint.EndpointTable;
import dev.sluice.webhook.reading.ReaderSettings;
import dev.sluice.webhook.reading.ReceivedRecord;
import dev.sluice.webhook.reading.RecordHandler;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Fans out every event. An event is done with when all of its deliveries are in the log. */
final class EventListener implements RecordHandler<DomainEvent> {

    static final ReaderSettings SETTINGS =
            ReaderSettings.of("webhook-fanout", "sluice-webhook-fanout", List.of(Topics.EVENTS.name()));

    private final EndpointTable endpoints;
    private final DeliveryPublisher deliveries;
    private final Telemetry telemetry;
    private final InstantSource clock;

    EventListener(EndpointTable endpoints, DeliveryPublisher deliveries, Telemetry telemetry, InstantSource clock) {
        this.endpoints = endpoints;
        this.deliveries = deliveries;
        this.telemetry = telemetry;
        this.clock = clock;
    }

    @Override
    public CompletionStage<?> handle(ReceivedRecord<DomainEvent> record) {
        DomainEvent event = record.value();
        Instant start = clock.instant();
        List<WebhookDelivery> made = FanOut.deliveries(event, endpoints.matching(event), start);
        CompletableFuture<Void> published =
                CompletableFuture.allOf(made.stream().map(deliveries::publish).toArray(CompletableFuture[]::new));
        return made.isEmpty()
                ? published
                : published.whenComplete((done, failure) -> tell(event, made.size(), start, failure != null));
    }

    private void tell(DomainEvent event, int endpoints, Instant start, boolean failed) {
        TraceParent.parse(event.getTraceParent())
                .ifPresent(request -> telemetry.span(
                        FanOut.spanOf(event, request),
                        request.spanId(),
                        event.getTenant(),
                        "webhook fan-out",
                        start,
                        Duration.between(start, clock.instant()),
                        failed,
                        Map.of(
                                "cloudevents.event_id", event.getId(),
                                "cloudevents.event_type", event.getType(),
                                "sluice.webhooks", Integer.toString(endpoints))));
    }
}
