package dev.sluice.webhook.fanout;

import dev.sluice.platform.kafka.RecordPublisher;
import dev.sluice.platform.kafka.RecordPublishers;
import dev.sluice.record.WebhookDelivery;
import dev.sluice.schemas.Topics;
import java.util.concurrent.CompletableFuture;

/** Puts deliveries on the log, by endpoint. */
final class DeliveryPublisher {

    private final RecordPublisher<WebhookDelivery> topic;

    DeliveryPublisher(RecordPublishers publishers) {
        topic = publishers.to(Topics.WEBHOOK_DELIVERIES);
    }

    CompletableFuture<?> publish(WebhookDelivery delivery) {
        return topic.publish(delivery.getEndpointId(), delivery);
    }
}
