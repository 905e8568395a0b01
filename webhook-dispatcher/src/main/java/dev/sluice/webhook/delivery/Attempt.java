package dev.sluice.webhook.delivery;

import dev.sluice.record.AttemptOutcome;
import dev.sluice.record.DeliveryAttempt;
import dev.sluice.record.WebhookDelivery;
import dev.sluice.webhook.egress.Answer;
import dev.sluice.webhook.egress.Probe;
import dev.sluice.webhook.egress.Protocol;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One attempt and what came of it.
 *
 * @param delivery as it was before the attempt
 */
record Attempt(WebhookDelivery delivery, Instant at, Probe probe) {

    Answer answer() {
        return probe.answer();
    }

    Duration took() {
        return probe.timings().total();
    }

    /** The number of this attempt, from 1. */
    int number() {
        return delivery.getAttempt() + 1;
    }

    @Nullable
    Integer status() {
        return switch (answer()) {
            case Answer.Received received -> received.status();
            case Answer.Missing _ -> null;
        };
    }

    @Nullable
    String error() {
        return switch (answer()) {
            case Answer.Received _ -> null;
            case Answer.Missing missing -> missing.failure().code();
        };
    }

    /** The delivery with this attempt counted. */
    WebhookDelivery counted(Instant dueAt) {
        return WebhookDelivery.newBuilder(delivery)
                .setAttempt(number())
                .setDueAt(dueAt)
                .build();
    }

    DeliveryAttempt toRecord(Ruling ruling) {
        return DeliveryAttempt.newBuilder()
                .setDeliveryId(delivery.getId())
                .setTenant(delivery.getTenant())
                .setEndpointId(delivery.getEndpointId())
                .setEventId(delivery.getEventId())
                .setEventType(delivery.getEventType())
                .setAttempt(number())
                .setAt(at)
                .setDurationNanos(took().toNanos())
                .setOutcome(outcome(ruling))
                .setStatus(status())
                .setError(error())
                .setResponse(response())
                .setCreatedAt(delivery.getCreatedAt())
                .setResolveNanos(nanos(probe.timings().resolve()))
                .setConnectNanos(nanos(probe.timings().connect()))
                .setTlsNanos(nanos(probe.timings().tls()))
                .setWaitNanos(nanos(probe.timings().waiting()))
                .setProtocol(probe.protocol().map(Protocol::code).orElse(null))
                .setNextAttemptAt(ruling instanceof Ruling.Retry retry ? retry.dueAt() : null)
                .build();
    }

    static AttemptOutcome outcome(Ruling ruling) {
        return switch (ruling) {
            case Ruling.Delivered _ -> AttemptOutcome.DELIVERED;
            case Ruling.Retry _ -> AttemptOutcome.RETRY;
            case Ruling.GiveUp _, Ruling.Disable _ -> AttemptOutcome.DEAD;
        };
    }

    private static @Nullable Long nanos(Optional<Duration> duration) {
        return duration.map(Duration::toNanos).orElse(null);
    }

    private @Nullable ByteBuffer response() {
        return switch (answer()) {
            case Answer.Received received -> ByteBuffer.wrap(received.body().bytes());
            case Answer.Missing _ -> null;
        };
    }
}
