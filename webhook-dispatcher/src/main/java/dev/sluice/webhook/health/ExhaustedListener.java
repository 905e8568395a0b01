package dev.sluice.webhook.health;

import dev.sluice.record.DeadDelivery;
import dev.sluice.record.DeadReason;
import dev.sluice.record.WebhookEndpoint;
import dev.sluice.schemas.Topics;
import dev.sluice.webhook.endpoint.OperationalEvents;
import dev.sluice.webhook.reading.ReaderSettings;
import dev.sluice.webhook.reading.ReceivedRecord;
import dev.sluice.webhook.reading.RecordHandler;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Tells tenants of deliveries that were given up after the last attempt of their schedule, or after waiting too long for one, once each. */
final class ExhaustedListener implements RecordHandler<DeadDelivery> {

    static final ReaderSettings SETTINGS =
            ReaderSettings.of("webhook-exhausted", "sluice-webhook-exhausted", List.of(Topics.WEBHOOK_DEAD.name()));

    private final Function<String, Optional<WebhookEndpoint>> endpoints;
    private final OperationalEventPublisher events;

    ExhaustedListener(Function<String, Optional<WebhookEndpoint>> endpoints, OperationalEventPublisher events) {
        this.endpoints = endpoints;
        this.events = events;
    }

    @Override
    public CompletionStage<?> handle(ReceivedRecord<DeadDelivery> record) {
        return told(record.value());
    }

    CompletionStage<?> told(DeadDelivery dead) {
        boolean waitedInVain = dead.getReason() == DeadReason.EXHAUSTED || dead.getReason() == DeadReason.EXPIRED;
        if (!waitedInVain || OperationalEvents.isOperational(dead.getDelivery().getEventType())) {
            return CompletableFuture.completedFuture(null);
        }
        return endpoints
                .apply(dead.getDelivery().getEndpointId())
                .filter(endpoint ->
                        endpoint.getTenant().equals(dead.getDelivery().getTenant()))
                .map(endpoint -> events.exhausted(endpoint, dead))
                .orElseGet(() -> CompletableFuture.completedFuture(null));
    }
}
