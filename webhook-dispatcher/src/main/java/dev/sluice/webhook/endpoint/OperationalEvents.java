package dev.sluice.webhook.endpoint;

import dev.sluice.record.DomainEvent;
import java.util.List;

/** The events by which the platform tells a tenant of its webhooks: ordinary events of the tenant, but for the webhook that one is about. */
public final class OperationalEvents {

    public static final String DISABLED = "webhook.endpoint.disabled";
    public static final String RECOVERED = "webhook.endpoint.recovered";
    public static final String EXHAUSTED = "webhook.delivery.exhausted";

    private static final List<String> TYPES = List.of(DISABLED, RECOVERED, EXHAUSTED);

    private OperationalEvents() {}

    public static List<String> types() {
        return TYPES;
    }

    /** Nothing is told of what becomes of one, else telling would never end. */
    public static boolean isOperational(String eventType) {
        return TYPES.contains(eventType);
    }

    /** The source of what is told of an endpoint. */
    public static String sourceOf(String endpointId) {
        return "/api/v1/webhooks/" + endpointId;
    }

    /** Whether it is about this endpoint, which gets it not: what fails for long need not be told so by what fails. */
    static boolean isAbout(DomainEvent event, String endpointId) {
        return isOperational(event.getType()) && event.getSource().equals(sourceOf(endpointId));
    }
}
