package dev.sluice.webhook.delivery;

import dev.sluice.record.WebhookDelivery;
import dev.sluice.schemas.TopicDescriptor;
import dev.sluice.schemas.Topics;
import dev.sluice.webhook.fanout.DeliveryPublisher;
import dev.sluice.webhook.reading.ReaderSettings;
import dev.sluice.webhook.reading.ReceivedRecord;
import dev.sluice.webhook.reading.RecordHandler;
import dev.sluice.webhook.retry.RetryPublisher;
import dev.sluice.webhook.retry.RetryTiers;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Takes deliveries off the retry topics. Those that are due go back among all others, where one dispatcher makes all attempts to an
 * endpoint; the others move on.
 */
final class RetryListener implements RecordHandler<WebhookDelivery> {

    private static final List<String> TOPICS =
            Topics.WEBHOOK_RETRIES.stream().map(TopicDescriptor::name).toList();

    static final ReaderSettings SETTINGS = ReaderSettings.of("webhook-retry", "sluice-webhook-retry", TOPICS);

    private final DeliveryPublisher deliveries;
    private final RetryPublisher retries;
    private final RetryTiers tiers = new RetryTiers(Topics.WEBHOOK_RETRY_DELAYS);
    private final InstantSource clock;

    RetryListener(DeliveryPublisher deliveries, RetryPublisher retries, InstantSource clock) {
        this.deliveries = deliveries;
        this.retries = retries;
        this.clock = clock;
    }

    @Override
    public Instant releaseAt(ReceivedRecord<WebhookDelivery> record) {
        int tier = TOPICS.indexOf(record.partition().topic());
        return tiers.releaseAt(tier, record.writtenAt(), record.value().getDueAt());
    }

    @Override
    public CompletionStage<?> handle(ReceivedRecord<WebhookDelivery> record) {
        WebhookDelivery delivery = record.value();
        boolean due = !delivery.getDueAt().isAfter(clock.instant());
        return due ? deliveries.publish(delivery) : retries.publish(delivery);
    }
}
