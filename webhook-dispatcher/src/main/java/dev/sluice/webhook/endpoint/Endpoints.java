package dev.sluice.webhook.endpoint;

import dev.sluice.platform.kafka.PublishFailedException;
import dev.sluice.platform.kafka.PublisherOverloadedException;
import dev.sluice.platform.kafka.Versioned;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.record.WebhookEndpoint;
import dev.sluice.record.WebhookEndpointStatus;
import dev.sluice.webhook.secret.SecretKeyring;
import dev.sluice.webhook.signing.SymmetricKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import reactor.core.publisher.Mono;

/** What tenants do with their endpoints. A tenant sees its own only; another's id is answered like one that never was. */
final class Endpoints {

    private static final int MAX_PER_TENANT = 50;

    private final EndpointTable table;
    private final SecretKeyring keyring;
    private final InstantSource clock;
    private final RandomGenerator random;
    /** Creations on their way to the log, by tenant: concurrent ones must not pass the limit together. */
    private final Map<String, Integer> creating = new HashMap<>();

    Endpoints(EndpointTable table, SecretKeyring keyring, InstantSource clock, RandomGenerator random) {
        this.table = table;
        this.keyring = keyring;
        this.clock = clock;
        this.random = random;
    }

    /** Completes, with the secret in clear, when the endpoint is in the log and in this process's table. */
    Mono<EndpointView> create(String tenant, EndpointDraft draft) {
        requireReady();
        SymmetricKey secret = draft.secret().orElseGet(() -> SymmetricKey.generate(random));
        WebhookEndpoint endpoint = endpoint(tenant, draft, secret);
        reserve(tenant);
        return written(() -> table.create(endpoint))
                .map(stored -> EndpointView.of(stored.value()).withSecret(secret.text()))
                .doFinally(signal -> release(tenant));
    }

    List<EndpointView> list(String tenant) {
        requireReady();
        Collection<WebhookEndpoint> owned = table.of(tenant);
        return owned.stream().map(EndpointView::of).toList();
    }

    EndpointView find(String tenant, String id) {
        return EndpointView.of(owned(tenant, id).value());
    }

    Mono<Void> delete(String tenant, String id) {
        Versioned<WebhookEndpoint> found = owned(tenant, id);
        return written(() -> table.remove(found.key()).thenApply(done -> found)).then();
    }

    private Versioned<WebhookEndpoint> owned(String tenant, String id) {
        requireReady();
        return table.findOwned(tenant, id)
                .orElseThrow(() -> new ProblemException(
                        ProblemType.NOT_FOUND,
                        "There is no webhook with this id; GET /api/v1/webhooks lists those there are."));
    }

    private WebhookEndpoint endpoint(String tenant, EndpointDraft draft, SymmetricKey secret) {
        Instant now = clock.instant();
        String id = EndpointId.generate(now, random);
        return WebhookEndpoint.newBuilder()
                .setId(id)
                .setTenant(tenant)
                .setUrl(draft.url())
                .setDescription(draft.description())
                .setStatus(WebhookEndpointStatus.ACTIVE)
                .setEventTypes(draft.eventTypes())
                .setSecrets(List.of(keyring.seal(secret, tenant, id, now)))
                .setCreatedAt(now)
                .setUpdatedAt(now)
                .build();
    }

    private synchronized void reserve(String tenant) {
        int pending = creating.getOrDefault(tenant, 0);
        if (table.of(tenant).size() + pending >= MAX_PER_TENANT) {
            throw new ProblemException(
                    ProblemType.CONFLICT,
                    "A tenant may have " + MAX_PER_TENANT + " webhooks; delete one that is not needed.");
        }
        creating.put(tenant, pending + 1);
    }

    private synchronized void release(String tenant) {
        creating.computeIfPresent(tenant, (key, pending) -> pending > 1 ? pending - 1 : null);
    }

    private void requireReady() {
        if (!table.ready()) {
            throw unavailable("The webhooks are still being loaded; try again shortly.");
        }
    }

    private static <T> Mono<T> written(Supplier<CompletableFuture<T>> write) {
        return Mono.fromFuture(write)
                .onErrorMap(
                        e -> e instanceof PublishFailedException || e instanceof PublisherOverloadedException,
                        e -> unavailable("The log does not take writes just now; try again shortly."));
    }

    private static ProblemException unavailable(String detail) {
        return new ProblemException(ProblemType.UNAVAILABLE, detail).withHeader("Retry-After", "2");
    }
}
