package dev.sluice.webhook.endpoint;

import dev.sluice.platform.kafka.seal.UnopenableSecretException;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.record.SealedSecret;
import dev.sluice.record.SignatureScheme;
import dev.sluice.record.WebhookEndpoint;
import dev.sluice.webhook.secret.SecretKeyring;
import dev.sluice.webhook.signing.Ed25519Key;
import dev.sluice.webhook.signing.Jwk;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The public halves of the keys that sign for endpoints: what receivers verify v1a with. Thread-safe. */
final class PublicKeys {

    private static final Logger LOG = LoggerFactory.getLogger(PublicKeys.class);

    private final EndpointTable table;
    private final SecretKeyring keyring;
    private final InstantSource clock;

    PublicKeys(EndpointTable table, SecretKeyring keyring, InstantSource clock) {
        this.table = table;
        this.keyring = keyring;
        this.clock = clock;
    }

    /** A set of keys as receivers fetch it (RFC 7517, section 5). */
    record JwkSet(List<Jwk> keys) {}

    /** The endpoint as its owner sees it, with the key that signs from now on. */
    EndpointView shown(WebhookEndpoint endpoint) {
        return EndpointView.of(endpoint)
                .withPublicKey(endpoint.getSecrets().stream()
                        .filter(secret -> secret.getExpiresAt() == null)
                        .flatMap(secret -> find(secret, endpoint).stream())
                        .map(Ed25519Key::publicText)
                        .findFirst()
                        .orElse(null));
    }

    /** The pair, if the secret is one and can be opened. */
    Optional<Ed25519Key> find(SealedSecret secret, WebhookEndpoint endpoint) {
        if (secret.getScheme() != SignatureScheme.V1A) {
            return Optional.empty();
        }
        try {
            return keyring.open(secret, endpoint.getTenant(), endpoint.getId()) instanceof Ed25519Key key
                    ? Optional.of(key)
                    : Optional.empty();
        } catch (UnopenableSecretException e) {
            LOG.error("a key of endpoint {} cannot be opened: {}", endpoint.getId(), e.getMessage());
            return Optional.empty();
        }
    }

    /** What verifies requests to an endpoint at this moment, for anybody who knows its id; the key that signs first comes first. */
    JwkSet of(String endpointId) {
        requireReady();
        return set(
                table.find(endpointId).stream(),
                "No webhook with this id signs in v1a; its owner sees by GET /api/v1/webhooks/{id} how it signs.");
    }

    /** What verifies requests to any endpoint of a tenant at this moment, for anybody who knows its id; those of the oldest first. */
    JwkSet ofTenant(String tenant) {
        requireReady();
        return set(
                table.of(tenant).stream().sorted(Comparator.comparing(WebhookEndpoint::getId)),
                "No webhook of a tenant with this id signs in v1a; its owner sees by GET /api/v1/webhooks how they sign.");
    }

    /** Whether there is such a webhook or tenant is nobody's business who has no key of its: one without keys is none. */
    private JwkSet set(Stream<WebhookEndpoint> endpoints, String none) {
        Instant now = clock.instant();
        // A pair that was brought along may sign for several.
        List<Jwk> keys = endpoints
                .flatMap(endpoint -> SecretSuccession.live(endpoint.getSecrets(), now).stream()
                        .flatMap(secret -> find(secret, endpoint).stream()))
                .map(Jwk::of)
                .distinct()
                .toList();
        if (keys.isEmpty()) {
            throw new ProblemException(ProblemType.NOT_FOUND, none);
        }
        return new JwkSet(keys);
    }

    private void requireReady() {
        if (!table.ready()) {
            throw EndpointWrites.unavailable("The webhooks are still being loaded; try again shortly.");
        }
    }
}
