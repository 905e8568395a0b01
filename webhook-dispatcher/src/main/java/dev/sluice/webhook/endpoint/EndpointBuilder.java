package dev.sluice.webhook.endpoint;

import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.platform.web.egress.AddedHeaders;
import dev.sluice.record.SealedWebhookHeader;
import dev.sluice.record.WebhookEndpoint;
import dev.sluice.record.WebhookEndpointStatus;
import dev.sluice.webhook.secret.SecretKeyring;
import dev.sluice.webhook.signing.SymmetricKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Puts what owners decide into records, sealing what may be a credential. */
final class EndpointBuilder {

    private final SecretKeyring keyring;

    EndpointBuilder(SecretKeyring keyring) {
        this.keyring = keyring;
    }

    WebhookEndpoint create(String tenant, String id, EndpointTerms terms, SymmetricKey secret, Instant now) {
        WebhookEndpoint endpoint = WebhookEndpoint.newBuilder()
                .setId(id)
                .setTenant(tenant)
                .setUrl(terms.url())
                .setStatus(WebhookEndpointStatus.ACTIVE)
                .setEventTypes(terms.eventTypes())
                .setSecrets(List.of(keyring.seal(secret, tenant, id, now)))
                .setCreatedAt(now)
                .setUpdatedAt(now)
                .build();
        return with(endpoint, terms);
    }

    /** The endpoint with these terms; its id, status and secrets stay. */
    WebhookEndpoint with(WebhookEndpoint endpoint, EndpointTerms terms) {
        return WebhookEndpoint.newBuilder(endpoint)
                .setUrl(terms.url())
                .setDescription(terms.description())
                .setEventTypes(terms.eventTypes())
                .setSealedHeaders(headers(endpoint, terms.headers()))
                .setMetadata(terms.metadata())
                .setTimeoutMillis(
                        terms.timeout().map(timeout -> (int) timeout.toMillis()).orElse(null))
                .setMaxConcurrency(terms.maxConcurrency().orElse(null))
                .setRateLimit(terms.rateLimit().map(RateLimit::toRecord).orElse(null))
                .setFilter(terms.filter().text())
                .setRetryDelaysMillis(
                        terms.retryDelays().stream().map(Duration::toMillis).toList())
                .build();
    }

    private Map<String, SealedWebhookHeader> headers(WebhookEndpoint endpoint, Map<String, String> wanted) {
        Map<String, SealedWebhookHeader> known = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        known.putAll(endpoint.getSealedHeaders());
        Map<String, SealedWebhookHeader> sealed = new TreeMap<>();
        wanted.forEach((name, value) -> sealed.put(
                name,
                value.equals(AddedHeaders.MASK)
                        ? kept(name, known)
                        : keyring.sealHeader(name, value, endpoint.getTenant(), endpoint.getId())));
        return sealed;
    }

    private static SealedWebhookHeader kept(String name, Map<String, SealedWebhookHeader> known) {
        SealedWebhookHeader header = known.get(name);
        if (header == null) {
            throw ProblemException.ofField(
                    ProblemType.UNPROCESSABLE,
                    "headers." + name,
                    AddedHeaders.MASK + " stands for the value that is there, and there is none; send the value.");
        }
        return header;
    }
}
