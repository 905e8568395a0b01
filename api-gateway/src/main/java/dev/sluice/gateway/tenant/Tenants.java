package dev.sluice.gateway.tenant;

import dev.sluice.gateway.table.TableWrites;
import dev.sluice.platform.kafka.LogTable;
import dev.sluice.platform.kafka.Versioned;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.record.Tenant;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import reactor.core.publisher.Mono;

/** What administrators do with tenants. */
final class Tenants {

    private final TenantTable table;
    private final Predicate<String> knownTier;
    private final InstantSource clock;

    Tenants(TenantTable table, Predicate<String> knownTier, InstantSource clock) {
        this.table = table;
        this.knownTier = knownTier;
        this.clock = clock;
    }

    /** A tenant as it is now, and whether it is new. */
    record Stored(Tenant tenant, Outcome outcome) {}

    /** What a write did. */
    enum Outcome {
        CREATED,
        REPLACED
    }

    /** Completes when the tenant is in the log and in this gateway's table. */
    Mono<Stored> put(String id, PutTenant wanted) {
        requireReady();
        if (!knownTier.test(wanted.tier())) {
            throw ProblemException.ofField(
                    ProblemType.INVALID_FIELD,
                    "tier",
                    "There is no such tier; GET /api/v1/tiers lists those there are.");
        }
        Optional<Versioned<Tenant>> before = table.findVersioned(id);
        Instant now = clock.instant();
        Tenant.Builder tenant = before.map(found -> Tenant.newBuilder(found.value()))
                .orElseGet(() -> Tenant.newBuilder().setId(id).setCreatedAt(now));
        tenant.setName(wanted.name())
                .setTier(wanted.tier())
                .setStatus(wanted.parsedStatus())
                .setLimits(wanted.parsedLimits())
                .setUpdatedAt(now);
        long expected = before.map(Versioned::version).orElse(LogTable.ABSENT);
        Outcome outcome = before.isPresent() ? Outcome.REPLACED : Outcome.CREATED;
        return TableWrites.answered(() -> table.write(tenant.build(), expected))
                .map(stored -> new Stored(stored.value(), outcome));
    }

    Tenant find(String id) {
        requireReady();
        return table.find(id)
                .orElseThrow(() -> new ProblemException(
                        ProblemType.NOT_FOUND,
                        "There is no tenant with this id; GET /api/v1/tenants lists those there are."));
    }

    /** At most so many tenants whose ids follow another, by id. */
    List<Tenant> list(String afterId, int limit) {
        requireReady();
        return table.entries().stream()
                .map(Versioned::value)
                .filter(tenant -> tenant.getId().compareTo(afterId) > 0)
                .sorted(Comparator.comparing(Tenant::getId))
                .limit(limit)
                .toList();
    }

    private void requireReady() {
        if (!table.ready()) {
            throw TableWrites.loading("tenants");
        }
    }
}
