package dev.sluice.webhook.endpoint;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.record.WebhookEndpoint;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint as its owner sees it.
 *
 * @param secret in clear, in the answer to its creation and nowhere else
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record EndpointView(
        String id,
        String url,
        List<String> eventTypes,
        String description,
        String status,
        Instant createdAt,
        Instant updatedAt,
        @Nullable String secret) {

    static EndpointView of(WebhookEndpoint endpoint) {
        return new EndpointView(
                endpoint.getId(),
                endpoint.getUrl(),
                endpoint.getEventTypes().isEmpty()
                        ? List.of(EventTypePattern.ALL.text())
                        : List.copyOf(endpoint.getEventTypes()),
                endpoint.getDescription(),
                endpoint.getStatus().name().toLowerCase(Locale.ROOT),
                endpoint.getCreatedAt(),
                endpoint.getUpdatedAt(),
                null);
    }

    EndpointView withSecret(String text) {
        return new EndpointView(id, url, eventTypes, description, status, createdAt, updatedAt, text);
    }

    @Override
    public String toString() {
        return "EndpointView[id=" + id + "]";
    }
}
