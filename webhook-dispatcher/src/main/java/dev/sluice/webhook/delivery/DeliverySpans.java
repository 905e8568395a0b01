package dev.sluice.webhook.delivery;

import dev.sluice.platform.telemetry.Telemetry;
import dev.sluice.platform.web.TraceParent;
import dev.sluice.record.AttemptOutcome;
import dev.sluice.record.WebhookDelivery;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The attempts of a delivery in the trace in which its event came. */
final class DeliverySpans {

    private final Telemetry telemetry;

    DeliverySpans(Telemetry telemetry) {
        this.telemetry = telemetry;
    }

    /** What the receiver is told; empty when the event came without a trace. */
    static Optional<TraceParent> next(WebhookDelivery delivery) {
        return TraceParent.parse(delivery.getTraceParent())
                .map(event -> event.child(
                        delivery.getId() + " " + delivery.getCreatedAt() + " " + (delivery.getAttempt() + 1)));
    }

    void attempted(Attempt attempt, AttemptOutcome outcome) {
        WebhookDelivery delivery = attempt.delivery();
        TraceParent parent = TraceParent.parse(delivery.getTraceParent()).orElse(null);
        if (parent == null || !parent.isKept()) {
            return;
        }
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("sluice.webhook.id", delivery.getEndpointId());
        attributes.put("sluice.delivery.id", delivery.getId());
        attributes.put("sluice.attempt", Integer.toString(attempt.number()));
        attributes.put("sluice.outcome", outcome.name().toLowerCase(Locale.ROOT));
        if (attempt.status() != null) {
            attributes.put("http.response.status_code", Integer.toString(attempt.status()));
        }
        if (attempt.error() != null) {
            attributes.put("error.type", attempt.error());
        }
        next(delivery)
                .ifPresent(span -> telemetry.span(
                        span,
                        parent.spanId(),
                        delivery.getTenant(),
                        "webhook attempt",
                        attempt.at(),
                        attempt.took(),
                        outcome != AttemptOutcome.DELIVERED,
                        attributes));
    }
}
