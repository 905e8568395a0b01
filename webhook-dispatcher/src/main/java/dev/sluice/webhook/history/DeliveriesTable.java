package dev.sluice.webhook.history;

import dev.sluice.platform.kafka.LogSearch;
import dev.sluice.record.WebhookDelivery;
import dev.sluice.schemas.Topics;
import java.time.Instant;
import java.util.Optional;

/** Deliveries as they stand on the log, body and all. */
final class DeliveriesTable {

    private final LogSearch search;

    DeliveriesTable(LogSearch search) {
        this.search = search;
    }

    /** The delivery that was made then; empty when it is no longer on the log. Blocks. */
    Optional<WebhookDelivery> fetch(String endpointId, String deliveryId, Instant madeAt) {
        return search.find(
                Topics.WEBHOOK_DELIVERIES,
                endpointId,
                madeAt,
                delivery -> delivery.getId().equals(deliveryId)
                        && delivery.getEndpointId().equals(endpointId));
    }
}
