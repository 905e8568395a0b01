package dev.sluice.webhook.endpoint;

import dev.sluice.platform.kafka.seal.UnopenableSecretException;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.record.SealedSecret;
import dev.sluice.record.WebhookEndpoint;
import dev.sluice.webhook.endpoint.RotateSecret.Rotation;
import dev.sluice.webhook.secret.SecretKeyring;
import dev.sluice.webhook.signing.SigningKey;
import dev.sluice.webhook.signing.SymmetricKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.springframework.http.HttpHeaders;
import reactor.core.publisher.Mono;

/** Shows owners the secrets of their endpoints, and gives endpoints others. */
final class EndpointSecrets {

    /** Each of them is a signature in every request. */
    private static final int MAX_LIVE = 10;

    private final Endpoints endpoints;
    private final EndpointChanges changes;
    private final SecretKeyring keyring;
    private final InstantSource clock;
    private final RandomGenerator random;

    EndpointSecrets(
            Endpoints endpoints,
            EndpointChanges changes,
            SecretKeyring keyring,
            InstantSource clock,
            RandomGenerator random) {
        this.endpoints = endpoints;
        this.changes = changes;
        this.keyring = keyring;
        this.clock = clock;
        this.random = random;
    }

    SecretView reveal(String tenant, String id) {
        return view(endpoints.find(tenant, id).endpoint(), clock.instant());
    }

    /** Completes when the new secret signs, with it in clear. */
    Mono<SecretView> rotate(String tenant, String id, HttpHeaders headers, Rotation rotation) {
        SymmetricKey next = rotation.secret().orElseGet(() -> SymmetricKey.generate(random));
        Instant now = clock.instant();
        return changes.change(tenant, id, headers, endpoint -> {
                    requireNew(next, endpoint, now);
                    List<SealedSecret> secrets = SecretSuccession.rotate(
                            endpoint.getSecrets(), keyring.seal(next, tenant, id, now), now, rotation.overlap());
                    requireFew(secrets);
                    return WebhookEndpoint.newBuilder(endpoint)
                            .setSecrets(secrets)
                            .build();
                })
                .map(changed -> view(changed.endpoint(), now));
    }

    private void requireNew(SymmetricKey next, WebhookEndpoint endpoint, Instant now) {
        for (SealedSecret secret : SecretSuccession.live(endpoint.getSecrets(), now)) {
            if (isSame(next, secret, endpoint)) {
                throw ProblemException.ofField(
                        ProblemType.UNPROCESSABLE, "secret", "This secret signs already; send another, or none.");
            }
        }
    }

    private boolean isSame(SymmetricKey next, SealedSecret secret, WebhookEndpoint endpoint) {
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
        List<SecretView.Previous> previous = live.stream()
                .skip(1)
                .map(secret -> new SecretView.Previous(
                        secret.getCreatedAt(), Objects.requireNonNullElse(secret.getExpiresAt(), Instant.MAX)))
                .toList();
        return new SecretView(
                endpoint.getId(),
                opened(live.getFirst(), endpoint).text(),
                live.getFirst().getCreatedAt(),
                previous);
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
