package dev.sluice.webhook.delivery;

import dev.sluice.record.DeadReason;
import dev.sluice.record.WebhookDelivery;
import dev.sluice.record.WebhookDisabledReason;
import dev.sluice.record.WebhookEndpoint;
import dev.sluice.record.WebhookOrdering;
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
    private final InstantSource clock;
    private final RandomGenerator random;

    DeliveryWorker(
            EndpointTable endpoints,
            EndpointDisabler disabler,
            Sender sender,
            OutcomePublisher outcomes,
            RetrySchedule schedule,
            DeliveryMetrics metrics,
            InstantSource clock,
            RandomGenerator random) {
        this.endpoints = endpoints;
        this.disabler = disabler;
        this.sender = sender;
        this.outcomes = outcomes;
        this.schedule = schedule;
        this.metrics = metrics;
        this.clock = clock;
        this.random = random;
    }

    /** Completes when the log has what became of the delivery. Does not block. */
    CompletionStage<?> step(Job job, Cursors cursors) {
        return decide(new Turn(job, cursors)).toFuture();
    }

    /** A delivery whose turn it is. */
    private record Turn(Job job, Cursors cursors) {

        WebhookDelivery delivery() {
            return job.delivery();
        }

        void answered(Attempt attempt, long begunNanos, Instant now) {
            cursors.answered(job, Reaction.of(attempt.answer(), now), begunNanos);
        }

        boolean isNextProbe(WebhookDelivery as) {
            return cursors.isNextProbe(job, as);
        }

        /** Waits without anything of its endpoint overtaking it. */
        Mono<Void> putBack(WebhookDelivery as) {
            return Mono.fromCompletionStage(() -> cursors.putBack(job, as)).then();
        }
    }

    private Mono<Void> decide(Turn turn) {
        WebhookDelivery delivery = turn.delivery();
        Optional<WebhookEndpoint> found = endpoints.find(delivery.getEndpointId());
        if (found.isEmpty()) {
            return dead(delivery, DeadReason.ENDPOINT_GONE);
        }
        boolean late = delivery.getExpiresAt() != null && clock.instant().isAfter(delivery.getExpiresAt());
        if (late || turn.job().isExpired()) {
            return dead(delivery, DeadReason.EXPIRED);
        }
        WebhookEndpoint endpoint = found.get();
        return switch (endpoint.getStatus()) {
            case ACTIVE -> isEarly(delivery) ? later(turn, delivery, endpoint) : attempt(turn, endpoint);
            case DISABLED -> dead(delivery, DeadReason.ENDPOINT_DISABLED);
            // Since its turn came; it is read again once there are turns again.
            case PAUSED, UNKNOWN -> turn.putBack(delivery);
        };
    }

    /** Of a first attempt the time is when it was made, by a clock that may be a little ahead. */
    private boolean isEarly(WebhookDelivery delivery) {
        return delivery.getAttempt() > 0 && delivery.getDueAt().isAfter(clock.instant());
    }

    private Mono<Void> attempt(Turn turn, WebhookEndpoint endpoint) {
        Instant at = clock.instant();
        long startNanos = System.nanoTime();
        return sender.send(turn.delivery(), endpoint, at)
                .map(probe -> new Attempt(turn.delivery(), at, probe))
                .doOnNext(attempt -> turn.answered(attempt, startNanos, clock.instant()))
                .flatMap(attempt -> conclude(turn, attempt, endpoint));
    }

    private Mono<Void> conclude(Turn turn, Attempt attempt, WebhookEndpoint endpoint) {
        Instant now = clock.instant();
        Ruling ruling = Judge.judge(attempt.answer(), attempt.number(), scheduleOf(endpoint), now, random)
                .before(attempt.delivery().getExpiresAt());
        metrics.attempted(attempt, ruling);
        if (ruling.endsTurn(endpoint.getOrdering())) {
            turn.job().sent().complete(null);
        }
        // The successor first: should the process die between the two, an attempt is missing from the log of attempts,
        // but no delivery is.
        return follow(turn, attempt, ruling, endpoint, now)
                .then(outcomes.attempted(attempt.toRecord(ruling), endpoint.getOrdering() == WebhookOrdering.FIFO));
    }

    private Mono<Void> follow(Turn turn, Attempt attempt, Ruling ruling, WebhookEndpoint endpoint, Instant now) {
        return switch (ruling) {
            case Ruling.Delivered _ -> Mono.empty();
            case Ruling.Retry retry -> later(turn, attempt.counted(retry.dueAt()), endpoint);
            case Ruling.GiveUp giveUp -> dead(attempt, giveUp.reason(), now);
            case Ruling.Disable _ ->
                Mono.fromCompletionStage(() -> disabler.disable(endpointId(attempt), WebhookDisabledReason.GONE))
                        .then(dead(attempt, DeadReason.ENDPOINT_DISABLED, now));
        };
    }

    /** Until it is due: in its place when one comes after the other, or nothing else is sent before; else out of the way of the others. */
    private Mono<Void> later(Turn turn, WebhookDelivery delivery, WebhookEndpoint endpoint) {
        boolean inPlace = endpoint.getOrdering() == WebhookOrdering.FIFO || turn.isNextProbe(delivery);
        return inPlace ? turn.putBack(delivery) : outcomes.later(delivery);
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

    private RetrySchedule scheduleOf(WebhookEndpoint endpoint) {
        if (endpoint.getRetryDelaysMillis().isEmpty()) {
            return schedule;
        }
        return schedule.withDelays(
                endpoint.getRetryDelaysMillis().stream().map(Duration::ofMillis).toList());
    }
}
