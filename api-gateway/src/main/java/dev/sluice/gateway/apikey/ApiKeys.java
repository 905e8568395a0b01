package dev.sluice.gateway.apikey;

import dev.sluice.gateway.table.TableWrites;
import dev.sluice.gateway.tenant.TenantTable;
import dev.sluice.platform.kafka.Versioned;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.record.ApiKey;
import dev.sluice.record.ApiKeyStatus;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import reactor.core.publisher.Mono;

/** What administrators do with keys. */
final class ApiKeys {

    private final ApiKeyTable table;
    private final TenantTable tenants;
    private final InstantSource clock;
    private final RandomGenerator random;

    ApiKeys(ApiKeyTable table, TenantTable tenants, InstantSource clock, RandomGenerator random) {
        this.table = table;
        this.tenants = tenants;
        this.clock = clock;
        this.random = random;
    }

    /** Completes, with the key in full, when it is in the log and this gateway takes it. */
    Mono<ApiKeyView> create(CreateApiKey wanted) {
        requireReady();
        Instant now = clock.instant();
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
                .setStatus(ApiKeyStatus.ACTIVE)
                .setCreatedAt(now)
                .setExpiresAt(expiresAt.orElse(null))
                .build();
        return TableWrites.answered(() -> table.create(key))
                .map(stored -> ApiKeyView.of(stored.value()).withKey(text.reveal()));
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
    Mono<ApiKey> revoke(String id) {
        Versioned<ApiKey> found = existing(id);
        if (found.value().getStatus() == ApiKeyStatus.REVOKED) {
            return Mono.just(found.value());
        }
        ApiKey revoked = ApiKey.newBuilder(found.value())
                .setStatus(ApiKeyStatus.REVOKED)
                .setRevokedAt(clock.instant())
                .build();
        return TableWrites.answered(() -> table.replace(revoked, found.version()))
                .map(Versioned::value);
    }

    private Versioned<ApiKey> existing(String id) {
        requireReady();
        return table.findVersioned(id)
                .orElseThrow(() -> new ProblemException(
                        ProblemType.NOT_FOUND,
                        "There is no key with this id; GET /api/v1/keys lists those there are."));
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
