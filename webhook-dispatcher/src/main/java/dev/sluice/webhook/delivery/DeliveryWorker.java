package dev.sluice.webhook.delivery;

import dev.sluice.record.DeadReason;
import dev.sluice.record.WebhookDelivery;
import dev.sluice.record.WebhookEndpoint;
import dev.sluice.webhook.endpoint.EndpointDisabler;
import dev.sluice.webhook.endpoint.EndpointTable;
import dev.sluice.webhook.retry.RetrySchedule;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import reactor.core.publisher.Mono;

/**
 * Brings one delivery one step further: looks at the endpoint as it is now, makes an attempt, and puts on the log what
 * follows from it. The step counts only once the log has its result.
 */
final class DeliveryWorker {

    private final EndpointTable endpoints;
    private final EndpointDisabler disabler;
    private final Sender sender;
    private final OutcomePublisher outcomes;
    private final RetrySchedule schedule;
    private final DeliveryMetrics metrics;
    private final DeliveryProperties properties;
    private final InstantSource clock;
    private final RandomGenerator random;

    DeliveryWorker(
            EndpointTable endpoints,
            EndpointDisabler disabler,
            Sender sender,
            OutcomePublisher outcomes,
            RetrySchedule schedule,
            DeliveryMetrics metrics,
            DeliveryProperties properties,
            InstantSource clock,
            RandomGenerator random) {
        this.endpoints = endpoints;
        this.disabler = disabler;
        this.sender = sender;
        this.outcomes = outcomes;
        this.schedule = schedule;
        this.metrics = metrics;
        this.properties = properties;
        this.clock = clock;
        this.random = random;
    }

    /** Completes when the log has what became of the delivery. Does not block. */
    CompletionStage<?> step(WebhookDelivery delivery) {
        return decide(delivery).toFuture();
    }

    /** Keeps a delivery on the log until there is room for it. It does not count as an attempt. */
    CompletionStage<?> defer(WebhookDelivery delivery) {
        return postpone(delivery, properties.fullLanePause()).toFuture();
    }

    private Mono<Void> decide(WebhookDelivery delivery) {
        Optional<WebhookEndpoint> found = endpoints.find(delivery.getEndpointId());
        if (found.isEmpty()) {
            return dead(delivery, DeadReason.ENDPOINT_GONE);
        }
        if (delivery.getExpiresAt() != null && clock.instant().isAfter(delivery.getExpiresAt())) {
            return dead(delivery, DeadReason.EXPIRED);
        }
        WebhookEndpoint endpoint = found.get();
        return switch (endpoint.getStatus()) {
            case ACTIVE -> attempt(delivery, endpoint);
            case DISABLED -> dead(delivery, DeadReason.ENDPOINT_DISABLED);
            case PAUSED, UNKNOWN -> postpone(delivery, properties.pausedPause());
        };
    }

    private Mono<Void> attempt(WebhookDelivery delivery, WebhookEndpoint endpoint) {
        Instant at = clock.instant();
        long startNanos = System.nanoTime();
        return sender.send(delivery, endpoint, at)
                .map(answer -> new Attempt(delivery, at, Duration.ofNanos(System.nanoTime() - startNanos), answer))
                .flatMap(attempt -> conclude(attempt, endpoint));
    }

    private Mono<Void> conclude(Attempt attempt, WebhookEndpoint endpoint) {
        Instant now = clock.instant();
        Ruling ruling = Judge.judge(attempt.answer(), attempt.number(), scheduleOf(endpoint), now, random);
        metrics.attempted(attempt, ruling);
        // The successor first: should the process die between the two, an attempt is missing from the log of attempts,
        // but no delivery is.
        return follow(attempt, ruling, now).then(outcomes.attempted(attempt.toRecord(ruling)));
    }

    private Mono<Void> follow(Attempt attempt, Ruling ruling, Instant now) {
        return switch (ruling) {
            case Ruling.Delivered _ -> Mono.empty();
            case Ruling.Retry retry -> outcomes.later(attempt.counted(retry.dueAt()));
            case Ruling.GiveUp giveUp -> dead(attempt, giveUp.reason(), now);
            case Ruling.Disable _ ->
                Mono.fromCompletionStage(() -> disabler.disable(endpointId(attempt)))
                        .then(dead(attempt, DeadReason.ENDPOINT_DISABLED, now));
        };
    }

    private static String endpointId(Attempt attempt) {
        return attempt.delivery().getEndpointId();
    }

    private Mono<Void> dead(Attempt attempt, DeadReason reason, Instant now) {
        return outcomes.dead(attempt.counted(now), reason, attempt.status(), attempt.error(), now);
    }

    private Mono<Void> dead(WebhookDelivery delivery, DeadReason reason) {
        metrics.discarded(reason);
        return outcomes.dead(delivery, reason, null, null, clock.instant());
    }

    private Mono<Void> postpone(WebhookDelivery delivery, Duration pause) {
        metrics.postponed();
        return outcomes.later(WebhookDelivery.newBuilder(delivery)
                .setDueAt(clock.instant().plus(pause))
                .build());
    }

    private RetrySchedule scheduleOf(WebhookEndpoint endpoint) {
        if (endpoint.getRetryDelaysMillis().isEmpty()) {
            return schedule;
        }
        return schedule.withDelays(
                endpoint.getRetryDelaysMillis().stream().map(Duration::ofMillis).toList());
    }
}
