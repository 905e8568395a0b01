package dev.sluice.webhook.fanout;

import dev.sluice.record.DomainEvent;
import dev.sluice.schemas.Topics;
import dev.sluice.webhook.endpoint.EndpointTable;
import dev.sluice.webhook.reading.ReaderSettings;
import dev.sluice.webhook.reading.ReceivedRecord;
import dev.sluice.webhook.reading.RecordHandler;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Fans out every event. An event is done with when all of its deliveries are in the log. */
final class EventListener implements RecordHandler<DomainEvent> {

    static final ReaderSettings SETTINGS =
            ReaderSettings.of("webhook-fanout", "sluice-webhook-fanout", List.of(Topics.EVENTS.name()));

    private final EndpointTable endpoints;
    private final DeliveryPublisher deliveries;
    private final InstantSource clock;

    EventListener(EndpointTable endpoints, DeliveryPublisher deliveries, InstantSource clock) {
        this.endpoints = endpoints;
        this.deliveries = deliveries;
        this.clock = clock;
    }

    @Override
    public CompletionStage<?> handle(ReceivedRecord<DomainEvent> record) {
        DomainEvent event = record.value();
        return CompletableFuture.allOf(FanOut.deliveries(event, endpoints.matching(event), clock.instant()).stream()
                .map(deliveries::publish)
                .toArray(CompletableFuture[]::new));
    }
}
