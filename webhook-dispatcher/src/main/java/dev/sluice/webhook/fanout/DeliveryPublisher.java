package dev.sluice.webhook.fanout;

import dev.sluice.platform.kafka.RecordPublisher;
import dev.sluice.platform.kafka.RecordPublishers;
import dev.sluice.record.WebhookDelivery;
import dev.sluice.schemas.Topics;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Puts deliveries on the log, by endpoint. */
public final class DeliveryPublisher {

    private final RecordPublisher<WebhookDelivery> topic;

    DeliveryPublisher(RecordPublishers publishers) {
        topic = publishers.to(Topics.WEBHOOK_DELIVERIES);
    }

    /** Completes when all in-sync replicas have it. */
    public CompletableFuture<RecordMetadata> publish(WebhookDelivery delivery) {
        return topic.publish(delivery.getEndpointId(), delivery);
    }
}
