package dev.sluice.webhook.endpoint;

import dev.sluice.platform.kafka.Versioned;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.record.WebhookEndpoint;
import dev.sluice.webhook.signing.Ed25519Key;
import dev.sluice.webhook.signing.SigningKey;
import dev.sluice.webhook.signing.SymmetricKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import reactor.core.publisher.Mono;

/** The endpoints of tenants. A tenant sees its own only; another's id is answered like one that never was. */
public final class Endpoints {

    private static final int MAX_PER_TENANT = 50;

    private final EndpointTable table;
    private final EndpointBuilder builder;
    private final InstantSource clock;
    private final RandomGenerator random;
    /** Creations on their way to the log, by tenant: concurrent ones must not pass the limit together. */
    private final Map<String, Integer> creating = new HashMap<>();

    Endpoints(EndpointTable table, EndpointBuilder builder, InstantSource clock, RandomGenerator random) {
        this.table = table;
        this.builder = builder;
        this.clock = clock;
        this.random = random;
    }

    /** An endpoint with its keys in clear. */
    record Created(OwnedEndpoint stored, List<SigningKey> keys) {

        /** As its owner sees it this once; what signs in v1a is shown to nobody. */
        EndpointView view() {
            EndpointView view = stored.view();
            for (SigningKey key : keys) {
                view = switch (key) {
                    case SymmetricKey secret -> view.withSecret(secret.text());
                    case Ed25519Key pair -> view.withPublicKey(pair.publicText());
                };
            }
            return view;
        }
    }

    /** Completes, with the secret in clear, when the endpoint is in the log and in this process's table. */
    Mono<Created> create(String tenant, EndpointDraft draft) {
        requireReady();
        Instant now = clock.instant();
        EndpointBuilder.Made made = builder.create(tenant, EndpointId.generate(now, random), draft, now);
        reserve(tenant);
        return EndpointWrites.answered(() -> table.create(made.endpoint()))
                .flatMap(stored -> withinLimit(stored).thenReturn(new Created(OwnedEndpoint.of(stored), made.keys())))
                .doFinally(signal -> release(tenant));
    }

    /** In the order of their ids, those after {@code cursor}, which need not be one. */
    List<WebhookEndpoint> list(String tenant, String cursor, int limit) {
        requireReady();
        return table.of(tenant).stream()
                .filter(endpoint -> endpoint.getId().compareTo(cursor) > 0)
                .limit(limit)
                .toList();
    }

    OwnedEndpoint find(String tenant, String id) {
        requireReady();
        return table.findOwned(tenant, id)
                .map(OwnedEndpoint::of)
                .orElseThrow(() -> new ProblemException(
                        ProblemType.NOT_FOUND,
                        "There is no webhook with this id; GET /api/v1/webhooks lists those there are."));
    }

    /** The endpoint as it is now; refuses the id of another tenant's like one that nobody has. */
    public WebhookEndpoint owned(String tenant, String id) {
        return find(tenant, id).endpoint();
    }

    boolean exists(String tenant, String id) {
        requireReady();
        return table.findOwned(tenant, id).isPresent();
    }

    private synchronized void reserve(String tenant) {
        int pending = creating.getOrDefault(tenant, 0);
        if (table.of(tenant).size() + pending >= MAX_PER_TENANT) {
            throw full();
        }
        creating.put(tenant, pending + 1);
    }

    /** Another dispatcher may have created at the same moment: what came later on the log goes again. */
    private Mono<Void> withinLimit(Versioned<WebhookEndpoint> stored) {
        if (table.countBefore(stored) < MAX_PER_TENANT) {
            return Mono.empty();
        }
        return EndpointWrites.answered(() -> table.remove(stored.value().getId()))
                .then(Mono.error(Endpoints::full));
    }

    private static ProblemException full() {
        return new ProblemException(
                        ProblemType.CONFLICT,
                        "A tenant may have " + MAX_PER_TENANT + " webhooks; delete one that is not needed.")
                .withExtension("limit", MAX_PER_TENANT);
    }

    private synchronized void release(String tenant) {
        creating.computeIfPresent(tenant, (key, pending) -> pending > 1 ? pending - 1 : null);
    }

    private void requireReady() {
        if (!table.ready()) {
            throw EndpointWrites.unavailable("The webhooks are still being loaded; try again shortly.");
        }
    }
}
