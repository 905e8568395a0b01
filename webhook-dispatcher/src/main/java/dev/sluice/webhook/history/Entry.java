package dev.sluice.webhook.history;

import dev.sluice.record.AttemptOutcome;
import dev.sluice.record.DeadDelivery;
import dev.sluice.record.DeliveryAttempt;
import dev.sluice.record.WebhookDelivery;
import dev.sluice.webhook.egress.Snippet;
import dev.sluice.webhook.egress.Timings;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One thing that became of a delivery: an attempt, or that it was given up without one.
 *
 * @param position when and of which delivery; its number is 0 when there was no attempt
 * @param createdAt when the delivery was made; null of attempts that do not say
 * @param timings of the attempt, as far as the log says them
 * @param protocol what the attempt was sent in; null when it was not sent, and of attempts that do not say
 * @param error category of the failure, or why it was given up without an attempt
 * @param response beginning of the answer's body; null when there was no answer
 */
record Entry(
        Position position,
        String tenant,
        String endpointId,
        String eventId,
        String eventType,
        @Nullable Instant createdAt,
        Timings timings,
        @Nullable String protocol,
        State state,
        @Nullable Integer status,
        @Nullable String error,
        @Nullable Snippet response,
        @Nullable Instant nextAttemptAt) {

    /** What is kept of an answer here; all of it stands on the log. */
    static final int MAX_CHARACTERS = 256;

    static Entry of(DeliveryAttempt attempt) {
        return new Entry(
                new Position(attempt.getAt(), attempt.getDeliveryId(), attempt.getAttempt()),
                attempt.getTenant(),
                attempt.getEndpointId(),
                attempt.getEventId(),
                // Of few types there are many attempts.
                attempt.getEventType().intern(),
                attempt.getCreatedAt(),
                timings(attempt),
                // There are two.
                attempt.getProtocol() == null ? null : attempt.getProtocol().intern(),
                stateAfter(attempt.getOutcome()),
                attempt.getStatus(),
                attempt.getError(),
                attempt.getResponse() == null ? null : Snippet.of(attempt.getResponse(), MAX_CHARACTERS),
                attempt.getNextAttemptAt());
    }

    static Entry of(DeadDelivery dead) {
        WebhookDelivery delivery = dead.getDelivery();
        return new Entry(
                new Position(dead.getAt(), delivery.getId(), 0),
                delivery.getTenant(),
                delivery.getEndpointId(),
                delivery.getEventId(),
                delivery.getEventType().intern(),
                delivery.getCreatedAt(),
                Timings.of(Duration.ZERO),
                null,
                State.DEAD,
                null,
                dead.getReason().name().toLowerCase(Locale.ROOT),
                null,
                null);
    }

    /** How long the attempt took altogether. */
    Duration took() {
        return timings.total();
    }

    boolean isAttempt() {
        return position.number() > 0;
    }

    private static Timings timings(DeliveryAttempt attempt) {
        return new Timings(
                duration(attempt.getResolveNanos()),
                duration(attempt.getConnectNanos()),
                duration(attempt.getTlsNanos()),
                duration(attempt.getWaitNanos()),
                Duration.ofNanos(attempt.getDurationNanos()));
    }

    private static Optional<Duration> duration(@Nullable Long nanos) {
        return Optional.ofNullable(nanos).map(Duration::ofNanos);
    }

    private static State stateAfter(AttemptOutcome outcome) {
        return switch (outcome) {
            case DELIVERED -> State.DELIVERED;
            case RETRY -> State.RETRYING;
            // What a newer version says is no attempt to come.
            case DEAD, DISCARDED, UNKNOWN -> State.DEAD;
        };
    }
}
