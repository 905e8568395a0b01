package dev.sluice.gateway.apikey;

import dev.sluice.gateway.table.TableWrites;
import dev.sluice.gateway.tenant.TenantTable;
import dev.sluice.gateway.tier.LimitOverrides;
import dev.sluice.platform.kafka.Versioned;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.record.ApiKey;
import dev.sluice.record.ApiKeyStatus;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** What administrators do with keys. */
final class ApiKeys {

    private final ApiKeyTable table;
    private final TenantTable tenants;
    private final KeyPropagation propagation;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final @Nullable String bootstrapId;

    /** @param bootstrapId id of the key that this gateway makes when it is not there; null when there is none */
    ApiKeys(
            ApiKeyTable table,
            TenantTable tenants,
            KeyPropagation propagation,
            InstantSource clock,
            RandomGenerator random,
            @Nullable String bootstrapId) {
        this.table = table;
        this.tenants = tenants;
        this.propagation = propagation;
        this.clock = clock;
        this.random = random;
        this.bootstrapId = bootstrapId;
    }

    /** Completes, with the key in full, when it is in the log and this gateway takes it. */
    Mono<Change<NewKey>> create(CreateApiKey wanted) {
        requireReady();
        Instant now = now();
        Optional<Instant> expiresAt = wanted.check(now);
        if (tenants.find(wanted.tenant()).isEmpty()) {
            throw ProblemException.ofField(
                    ProblemType.INVALID_FIELD,
                    "tenant",
                    "There is no such tenant; PUT /api/v1/tenants/{id} makes one.");
        }
        ApiKeyText text = ApiKeyText.generate(wanted.environment(), random);
        ApiKey key = ApiKey.newBuilder()
                .setId(text.id())
                .setTenant(wanted.tenant())
                .setEnvironment(wanted.environment())
                .setName(wanted.name())
                .setHash(ByteBuffer.wrap(text.hash()))
                .setScopes(wanted.scopes())
                .setLimits(LimitOverrides.read("limits", wanted.limits()))
                .setStatus(ApiKeyStatus.ACTIVE)
                .setCreatedAt(now)
                .setExpiresAt(expiresAt.orElse(null))
                .build();
        return propagation
                .measured(TableWrites.answered(() -> table.create(key)))
                .map(change -> change.map(stored -> new NewKey(stored, text, null)));
    }

    ApiKey find(String id) {
        return existing(id).value();
    }

    /** At most so many keys whose ids follow another, by id; of one tenant, or of all. */
    List<ApiKey> list(Optional<String> tenant, String afterId, int limit) {
        requireReady();
        return table.entries().stream()
                .map(Versioned::value)
                .filter(key -> tenant.isEmpty() || key.getTenant().equals(tenant.get()))
                .filter(key -> key.getId().compareTo(afterId) > 0)
                .sorted(Comparator.comparing(ApiKey::getId))
                .limit(limit)
                .toList();
    }

    /** Completes when the key is refused here; nothing changes when it was revoked before. */
    Mono<Change<ApiKey>> revoke(String id) {
        Versioned<ApiKey> found = existing(id);
        if (found.value().getStatus() == ApiKeyStatus.REVOKED) {
            return Mono.just(new Change<>(found.value(), propagation.ofEarlier(found.version())));
        }
        ApiKey revoked = ApiKey.newBuilder(found.value())
                .setStatus(ApiKeyStatus.REVOKED)
                .setRevokedAt(now())
                .build();
        return propagation.measured(TableWrites.answered(() -> table.replace(revoked, found.version())));
    }

    /** Completes when the key is changed here; nothing is written when the patch changes nothing. */
    Mono<Change<ApiKey>> patch(String id, KeyPatch patch) {
        Versioned<ApiKey> found = existing(id);
        if (found.value().getStatus() == ApiKeyStatus.REVOKED) {
            throw conflict("The key is revoked, and stays so; POST /api/v1/keys makes another.");
        }
        ApiKey changed = patch.applyTo(found.value(), now());
        if (changed.equals(found.value())) {
            return Mono.just(new Change<>(changed, propagation.ofEarlier(found.version())));
        }
        return propagation.measured(TableWrites.answered(() -> table.replace(changed, found.version())));
    }

    /**
     * Makes the successor of a key; the old one goes on for the overlap, and never beyond its own expiry. Completes, with
     * the successor in full, when both are known here.
     */
    Mono<Change<NewKey>> roll(String id, RollKey wanted) {
        Duration overlap = wanted.parsedOverlap();
        Versioned<ApiKey> old = existing(id);
        Instant now = now();
        requireRollable(old.value(), now);
        ApiKeyText text = ApiKeyText.generate(old.value().getEnvironment(), random);
        ApiKey successor = KeyRoll.successor(old.value(), text, now);
        ApiKey predecessor = KeyRoll.predecessor(old.value(), successor.getId(), now.plus(overlap));
        NewKey made = new NewKey(successor, text, new NewKey.Predecessor(id, predecessor.getExpiresAt()));
        // The successor first: between the two writes there is a key too many, and never one too few.
        Mono<Versioned<ApiKey>> writes = TableWrites.answered(() -> table.create(successor))
                .flatMap(stored -> TableWrites.answered(() -> table.replace(predecessor, old.version()))
                        .onErrorResume(ProblemException.class, refusal -> withdraw(stored, refusal)));
        // Who has applied the second has applied the first.
        return propagation.measured(writes).map(change -> change.map(ended -> made));
    }

    /** Takes a successor away that nobody will hear of, unless the old key may point to it. */
    private Mono<Versioned<ApiKey>> withdraw(Versioned<ApiKey> successor, ProblemException refusal) {
        if (!refusal.type().equals(ProblemType.CONFLICT)) {
            return Mono.error(refusal);
        }
        return TableWrites.answered(() -> table.remove(successor.key(), successor.version()))
                .onErrorComplete()
                .then(Mono.error(refusal));
    }

    private void requireRollable(ApiKey key, Instant now) {
        if (key.getStatus() == ApiKeyStatus.REVOKED) {
            throw conflict("The key is revoked and has no successor; POST /api/v1/keys makes another.");
        }
        if (key.getExpiresAt() != null && !now.isBefore(key.getExpiresAt())) {
            throw conflict("The key has expired and has no successor; POST /api/v1/keys makes another.");
        }
        String successor = key.getRolledTo();
        boolean inUse = successor != null
                && table.findVersioned(successor)
                        .filter(found -> found.value().getStatus() != ApiKeyStatus.REVOKED)
                        .isPresent();
        if (inUse) {
            throw conflict("The key has a successor already, " + successor
                    + ": roll that one, or revoke it when its secret was lost and roll this one again.");
        }
    }

    /** Completes, with the key as it was, when a key that was revoked is forgotten: its id is unknown from then on. */
    Mono<ApiKey> purge(String id) {
        Versioned<ApiKey> found = existing(id);
        if (found.value().getStatus() != ApiKeyStatus.REVOKED) {
            throw conflict("Only a revoked key can be purged; DELETE /api/v1/keys/{id} without purge revokes it.");
        }
        if (id.equals(bootstrapId)) {
            throw conflict("The key stands in sluice.gateway.api-key.bootstrap-admin, so the next start would make it "
                    + "again; take it out there first.");
        }
        return TableWrites.answered(() -> table.remove(id, found.version()).thenApply(removed -> found.value()));
    }

    private static ProblemException conflict(String detail) {
        return new ProblemException(ProblemType.CONFLICT, detail);
    }

    private Versioned<ApiKey> existing(String id) {
        requireReady();
        return table.findVersioned(id)
                .orElseThrow(() -> new ProblemException(
                        ProblemType.NOT_FOUND,
                        "There is no key with this id; GET /api/v1/keys lists those there are."));
    }

    /** As exact as the log keeps it, so that an answer shows what a later one shows. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private void requireReady() {
        if (!table.ready()) {
            throw TableWrites.loading("API keys");
        }
        if (!tenants.ready()) {
            throw TableWrites.loading("tenants");
        }
    }
}
