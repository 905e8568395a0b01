package dev.sluice.webhook.endpoint;

import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.platform.web.egress.AddedHeaders;
import dev.sluice.record.SealedSecret;
import dev.sluice.record.SealedWebhookHeader;
import dev.sluice.record.WebhookEndpoint;
import dev.sluice.record.WebhookEndpointStatus;
import dev.sluice.webhook.secret.SecretKeyring;
import dev.sluice.webhook.signing.SigningKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Puts what owners decide into records, sealing what may be a credential. */
final class EndpointBuilder {

    private final SecretKeyring keyring;
    private final KeySource keys;
    private final InstantSource clock;

    EndpointBuilder(SecretKeyring keyring, KeySource keys, InstantSource clock) {
        this.keyring = keyring;
        this.keys = keys;
        this.clock = clock;
    }

    /** An endpoint that is on no log yet, with its keys in clear. */
    record Made(WebhookEndpoint endpoint, List<SigningKey> keys) {}

    Made create(String tenant, String id, EndpointDraft draft, Instant now) {
        EndpointTerms terms = draft.terms();
        List<SigningKey> signing = draft.signatures().schemes().stream()
                .map(scheme -> draft.secret()
                        .filter(key -> SecretKeyring.schemeOf(key) == scheme)
                        .orElseGet(() -> keys.next(scheme)))
                .toList();
        WebhookEndpoint endpoint = WebhookEndpoint.newBuilder()
                .setId(id)
                .setTenant(tenant)
                .setUrl(terms.url())
                .setStatus(WebhookEndpointStatus.ACTIVE)
                .setStatusSince(now)
                .setEventTypes(terms.eventTypes())
                .setSecrets(signing.stream()
                        .map(key -> keyring.seal(key, tenant, id, now))
                        .toList())
                .setCreatedAt(now)
                .setUpdatedAt(now)
                .build();
        return new Made(with(endpoint, terms), signing);
    }

    /** The endpoint with these terms; its id and status stay, and so do secrets of versions in which it goes on being signed. */
    WebhookEndpoint with(WebhookEndpoint endpoint, EndpointTerms terms) {
        return WebhookEndpoint.newBuilder(endpoint)
                .setUrl(terms.url())
                .setSecrets(secrets(endpoint, terms))
                .setDescription(terms.description())
                .setEventTypes(terms.eventTypes())
                .setSealedHeaders(headers(endpoint, terms.headers()))
                .setMetadata(terms.metadata())
                .setTimeoutMillis(
                        terms.timeout().map(timeout -> (int) timeout.toMillis()).orElse(null))
                .setMaxConcurrency(terms.maxConcurrency().orElse(null))
                .setRateLimit(terms.rateLimit().map(RateLimit::toRecord).orElse(null))
                .setOrdering(terms.ordering())
                .setPayloadFormat(terms.payload())
                .setFilter(terms.filter().text())
                .setRetryDelaysMillis(
                        terms.retryDelays().stream().map(Duration::toMillis).toList())
                .build();
    }

    private List<SealedSecret> secrets(WebhookEndpoint endpoint, EndpointTerms terms) {
        Instant now = clock.instant();
        return terms.signatures()
                .filter(wanted -> wanted != Signatures.of(endpoint.getSecrets()))
                .map(wanted -> SecretSuccession.choose(
                        endpoint.getSecrets(),
                        wanted,
                        now,
                        scheme -> keyring.seal(keys.next(scheme), endpoint.getTenant(), endpoint.getId(), now)))
                .orElse(endpoint.getSecrets());
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
