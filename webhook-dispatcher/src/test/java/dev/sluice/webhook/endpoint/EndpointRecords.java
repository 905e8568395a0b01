package dev.sluice.webhook.endpoint;

import dev.sluice.record.WebhookEndpoint;
import dev.sluice.record.WebhookEndpointStatus;
import dev.sluice.webhook.TrustedRecords;
import java.time.Instant;
import java.util.List;

/** Endpoints as the log holds them. */
final class EndpointRecords {

    static {
        TrustedRecords.load();
    }

    private EndpointRecords() {}

    static WebhookEndpoint active(String tenant, String id, List<String> eventTypes) {
        return WebhookEndpoint.newBuilder()
                .setId(id)
                .setTenant(tenant)
                .setUrl("https://example.com/" + id)
                .setStatus(WebhookEndpointStatus.ACTIVE)
                .setEventTypes(eventTypes)
                .setSecrets(List.of())
                .setCreatedAt(Instant.EPOCH)
                .setUpdatedAt(Instant.EPOCH)
                .build();
    }
}
