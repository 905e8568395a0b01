package dev.sluice.webhook.endpoint;

import dev.sluice.platform.kafka.seal.UnopenableSecretException;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.record.SealedSecret;
import dev.sluice.record.SignatureScheme;
import dev.sluice.record.WebhookEndpoint;
import dev.sluice.webhook.endpoint.RotateSecret.Rotation;
import dev.sluice.webhook.secret.SecretKeyring;
import dev.sluice.webhook.signing.Ed25519Key;
import dev.sluice.webhook.signing.SigningKey;
import dev.sluice.webhook.signing.SymmetricKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.springframework.http.HttpHeaders;
import reactor.core.publisher.Mono;

/** Shows owners the secrets of their endpoints, and gives endpoints others. */
final class EndpointSecrets {

    /** Each of them is a signature in every request. */
    private static final int MAX_LIVE = 10;

    private final Endpoints endpoints;
    private final EndpointChanges changes;
    private final SecretKeyring keyring;
    private final PublicKeys publicKeys;
    private final KeySource keys;
    private final InstantSource clock;

    EndpointSecrets(
            Endpoints endpoints,
            EndpointChanges changes,
            SecretKeyring keyring,
            PublicKeys publicKeys,
            KeySource keys,
            InstantSource clock) {
        this.endpoints = endpoints;
        this.changes = changes;
        this.keyring = keyring;
        this.publicKeys = publicKeys;
        this.keys = keys;
        this.clock = clock;
    }

    SecretView reveal(String tenant, String id) {
        return view(endpoints.find(tenant, id).endpoint(), clock.instant());
    }

    /** Completes when the new secrets sign, with that of v1 in clear. */
    Mono<SecretView> rotate(String tenant, String id, HttpHeaders headers, Rotation rotation) {
        Instant now = clock.instant();
        return changes.change(tenant, id, headers, endpoint -> {
                    rotation.secret().ifPresent(brought -> requireNew(brought, endpoint, now));
                    List<SealedSecret> next = rotated(rotation, endpoint).stream()
                            .map(scheme -> rotation.secret().orElseGet(() -> keys.next(scheme)))
                            .map(key -> keyring.seal(key, tenant, id, now))
                            .toList();
                    List<SealedSecret> secrets =
                            SecretSuccession.rotate(endpoint.getSecrets(), next, now, rotation.overlap());
                    requireFew(secrets);
                    return WebhookEndpoint.newBuilder(endpoint)
                            .setSecrets(secrets)
                            .build();
                })
                .map(changed -> view(changed.endpoint(), now));
    }

    private static List<SignatureScheme> rotated(Rotation rotation, WebhookEndpoint endpoint) {
        Signatures signatures = Signatures.of(endpoint.getSecrets());
        List<SignatureScheme> wanted = rotation.scheme().map(List::of).orElse(signatures.schemes());
        if (!signatures.schemes().containsAll(wanted)) {
            throw ProblemException.ofField(
                    ProblemType.UNPROCESSABLE,
                    rotation.secret().isPresent() ? "secret" : "scheme",
                    "The webhook signs in " + signatures.text() + "; change its signatureScheme first.");
        }
        return wanted;
    }

    private void requireNew(SigningKey next, WebhookEndpoint endpoint, Instant now) {
        for (SealedSecret secret : SecretSuccession.live(endpoint.getSecrets(), now)) {
            if (isSame(next, secret, endpoint)) {
                throw ProblemException.ofField(
                        ProblemType.UNPROCESSABLE, "secret", "This secret signs already; send another, or none.");
            }
        }
    }

    private boolean isSame(SigningKey next, SealedSecret secret, WebhookEndpoint endpoint) {
        try {
            return keyring.open(secret, endpoint.getTenant(), endpoint.getId()).equals(next);
        } catch (UnopenableSecretException _) {
            // What nobody can open signs nothing; to replace it is the way out.
            return false;
        }
    }

    private static void requireFew(List<SealedSecret> secrets) {
        if (secrets.size() > MAX_LIVE) {
            throw new ProblemException(
                    ProblemType.CONFLICT,
                    "There are " + MAX_LIVE + " secrets that sign, the most there can be; wait until one expires, or"
                            + " rotate with overlap PT0S.");
        }
    }

    private SecretView view(WebhookEndpoint endpoint, Instant now) {
        List<SealedSecret> live = SecretSuccession.live(endpoint.getSecrets(), now);
        if (live.isEmpty()) {
            throw lost();
        }
        String secret = null;
        String publicKey = null;
        Instant createdAt = live.getFirst().getCreatedAt();
        List<SecretView.Previous> previous = new ArrayList<>();
        for (SealedSecret each : live) {
            if (each.getExpiresAt() != null) {
                previous.add(previous(each, each.getExpiresAt(), endpoint));
                continue;
            }
            createdAt = each.getCreatedAt().isAfter(createdAt) ? each.getCreatedAt() : createdAt;
            switch (opened(each, endpoint)) {
                case SymmetricKey key -> secret = key.text();
                case Ed25519Key key -> publicKey = key.publicText();
            }
        }
        return new SecretView(endpoint.getId(), secret, publicKey, createdAt, previous);
    }

    private SecretView.Previous previous(SealedSecret secret, Instant expiresAt, WebhookEndpoint endpoint) {
        return new SecretView.Previous(
                secret.getScheme().name().toLowerCase(Locale.ROOT),
                secret.getCreatedAt(),
                expiresAt,
                publicKeys.find(secret, endpoint).map(Ed25519Key::publicText).orElse(null));
    }

    private SigningKey opened(SealedSecret secret, WebhookEndpoint endpoint) {
        try {
            return keyring.open(secret, endpoint.getTenant(), endpoint.getId());
        } catch (UnopenableSecretException _) {
            throw lost();
        }
    }

    private static ProblemException lost() {
        return new ProblemException(
                ProblemType.UNAVAILABLE,
                "The secret cannot be opened with the keys that the operator has set; rotate it to get another.");
    }
}
