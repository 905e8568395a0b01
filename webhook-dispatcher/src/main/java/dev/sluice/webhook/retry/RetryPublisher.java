package dev.sluice.webhook.retry;

import dev.sluice.platform.kafka.RecordPublisher;
import dev.sluice.platform.kafka.RecordPublishers;
import dev.sluice.record.WebhookDelivery;
import dev.sluice.schemas.Topics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Puts deliveries that must wait on the retry topic whose delay fits. */
public final class RetryPublisher {

    private final List<RecordPublisher<WebhookDelivery>> topics;
    private final RetryTiers tiers;
    private final InstantSource clock;

    RetryPublisher(RecordPublishers publishers, InstantSource clock) {
        topics = Topics.WEBHOOK_RETRIES.stream().map(publishers::to).toList();
        tiers = new RetryTiers(Topics.WEBHOOK_RETRY_DELAYS);
        this.clock = clock;
    }

    /** The delivery waits until its due time; completes when the log has it. */
    public CompletionStage<?> publish(WebhookDelivery delivery) {
        Duration wait = Duration.between(clock.instant(), delivery.getDueAt());
        return topics.get(tiers.tierFor(wait)).publish(delivery.getEndpointId(), delivery);
    }
}
