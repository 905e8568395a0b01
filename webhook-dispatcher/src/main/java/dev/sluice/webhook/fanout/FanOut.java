package dev.sluice.webhook.fanout;

import dev.sluice.platform.web.TraceParent;
import dev.sluice.record.DeliveryTrigger;
import dev.sluice.record.DomainEvent;
import dev.sluice.record.WebhookDelivery;
import dev.sluice.record.WebhookEndpoint;
import dev.sluice.record.WebhookPayloadFormat;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an event becomes: one delivery for each endpoint that matches. Pure. */
public final class FanOut {

    /** An extension of CloudEvents' own: when an event is of no use any more. */
    private static final String EXPIRY_TIME = "expirytime";

    private FanOut() {}

    static List<WebhookDelivery> deliveries(DomainEvent event, List<WebhookEndpoint> endpoints, Instant now) {
        if (endpoints.isEmpty()) {
            return List.of();
        }
        // Most have one form, which is made once.
        Map<WebhookPayloadFormat, DeliveryBody> bodies = new EnumMap<>(WebhookPayloadFormat.class);
        Origin origin = Origin.of(event, now);
        return endpoints.stream()
                .map(endpoint -> delivery(
                        origin,
                        endpoint,
                        bodies.computeIfAbsent(endpoint.getPayloadFormat(), format -> DeliveryBody.of(event, format))))
                .toList();
    }

    /** The delivery of an event that is on no log, for one endpoint, to be looked at. */
    public static WebhookDelivery trial(DomainEvent event, WebhookEndpoint endpoint, Instant now) {
        return WebhookDelivery.newBuilder(delivery(Origin.of(event, now), endpoint, body(event, endpoint)))
                .setTrigger(DeliveryTrigger.TEST)
                .build();
    }

    /** The delivery of an event of the past, under the id that it had then, or would have had. */
    public static WebhookDelivery replayed(DomainEvent event, WebhookEndpoint endpoint, Instant now) {
        return WebhookDelivery.newBuilder(delivery(Origin.of(event, now), endpoint, body(event, endpoint)))
                // Its owner asked for it, late as it is.
                .setExpiresAt(null)
                .setTrigger(DeliveryTrigger.RECOVER)
                .build();
    }

    /** A delivery that was made before, to be sent as if it had not been: the schedule of attempts begins anew. */
    public static WebhookDelivery again(WebhookDelivery delivery, DeliveryTrigger trigger, Instant now) {
        return WebhookDelivery.newBuilder(delivery)
                .setAttempt(0)
                .setCreatedAt(now)
                .setDueAt(now)
                .setExpiresAt(null)
                .setTrigger(trigger)
                .build();
    }

    /** The span of an event that came with a request. */
    static TraceParent spanOf(DomainEvent event, TraceParent request) {
        return request.child("fan-out " + event.getSource() + " " + event.getId());
    }

    private static DeliveryBody body(DomainEvent event, WebhookEndpoint endpoint) {
        return DeliveryBody.of(event, endpoint.getPayloadFormat());
    }

    /** What the gateway let through can be read; other events may come from elsewhere, and then they do not expire. */
    private static @Nullable Instant expiryOf(DomainEvent event) {
        String text = event.getExtensions().get(EXPIRY_TIME);
        try {
            return text == null ? null : OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MICROS);
        } catch (DateTimeException _) {
            return null;
        }
    }

    /**
     * What all deliveries of an event have.
     *
     * @param span in which it was fanned out; null when it came without a trace
     */
    private record Origin(
            DomainEvent event,
            @Nullable String span,
            @Nullable Instant expiresAt,
            Instant now) {

        static Origin of(DomainEvent event, Instant now) {
            String span = TraceParent.parse(event.getTraceParent())
                    .map(request -> spanOf(event, request).toString())
                    .orElse(null);
            return new Origin(event, span, expiryOf(event), now);
        }
    }

    private static WebhookDelivery delivery(Origin origin, WebhookEndpoint endpoint, DeliveryBody body) {
        DomainEvent event = origin.event();
        return WebhookDelivery.newBuilder()
                .setId(DeliveryId.of(event, endpoint.getId()))
                .setTenant(event.getTenant())
                .setEndpointId(endpoint.getId())
                .setEventId(event.getId())
                .setEventType(event.getType())
                .setSubject(event.getSubject())
                .setEventTime(event.getTime())
                .setContentType(body.contentType())
                .setBody(body.content().duplicate())
                .setTraceParent(origin.span())
                .setAttempt(0)
                .setDueAt(origin.now())
                .setCreatedAt(origin.now())
                .setExpiresAt(origin.expiresAt())
                .setTrigger(DeliveryTrigger.EVENT)
                .build();
    }
}
