package dev.sluice.webhook.delivery;

import dev.sluice.platform.kafka.PublishFailedException;
import dev.sluice.platform.kafka.PublisherOverloadedException;
import dev.sluice.platform.kafka.RecordPublisher;
import dev.sluice.platform.kafka.RecordPublishers;
import dev.sluice.record.DeadDelivery;
import dev.sluice.record.DeadReason;
import dev.sluice.record.DeliveryAttempt;
import dev.sluice.record.WebhookDelivery;
import dev.sluice.schemas.Topics;
import dev.sluice.webhook.retry.RetryPublisher;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Puts what became of a delivery on the log. While Kafka does not take it, it is tried again and again: the result of an
 * attempt is forgotten only when the process dies, and then the attempt is made again.
 */
final class OutcomePublisher {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final RecordPublisher<DeliveryAttempt> attempts;
    private final RecordPublisher<DeliveryAttempt> inOrder;
    private final RecordPublisher<DeadDelivery> dead;
    private final RetryPublisher retries;

    OutcomePublisher(RecordPublishers publishers, RetryPublisher retries) {
        attempts = publishers.gathering(Topics.WEBHOOK_ATTEMPTS);
        inOrder = publishers.to(Topics.WEBHOOK_ATTEMPTS);
        dead = publishers.to(Topics.WEBHOOK_DEAD);
        this.retries = retries;
    }

    /** @param awaited whether the next delivery of the endpoint waits for it */
    Mono<Void> attempted(DeliveryAttempt attempt, boolean awaited) {
        RecordPublisher<DeliveryAttempt> topic = awaited ? inOrder : attempts;
        return untilTaken(() -> topic.publish(attempt.getEndpointId(), attempt));
    }

    /** The delivery waits for its due time. */
    Mono<Void> later(WebhookDelivery delivery) {
        return untilTaken(() -> retries.publish(delivery));
    }

    Mono<Void> dead(
            WebhookDelivery delivery,
            DeadReason reason,
            @Nullable Integer lastStatus,
            @Nullable String lastError,
            Instant at) {
        DeadDelivery record = DeadDelivery.newBuilder()
                .setDelivery(delivery)
                .setReason(reason)
                .setLastStatus(lastStatus)
                .setLastError(lastError)
                .setAt(at)
                .build();
        return untilTaken(() -> dead.publish(delivery.getEndpointId(), record));
    }

    private static Mono<Void> untilTaken(Supplier<CompletionStage<?>> publish) {
        return Mono.<Object>fromCompletionStage(publish)
                .onErrorResume(OutcomePublisher::isTransient, failure -> again(publish))
                .then();
    }

    private static Mono<Object> again(Supplier<CompletionStage<?>> publish) {
        return Mono.delay(FIRST_PAUSE)
                .then(Mono.<Object>fromCompletionStage(publish)
                        .retryWhen(Retry.backoff(Long.MAX_VALUE, FIRST_PAUSE)
                                .maxBackoff(LONGEST_PAUSE)
                                .filter(OutcomePublisher::isTransient)));
    }

    private static boolean isTransient(Throwable failure) {
        return failure instanceof PublishFailedException || failure instanceof PublisherOverloadedException;
    }
}
