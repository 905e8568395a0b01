package dev.sluice.cache.namespace;

import dev.sluice.cache.origin.Origins;
import dev.sluice.platform.kafka.LogTable;
import dev.sluice.platform.kafka.Versioned;
import dev.sluice.platform.web.Preconditions;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.record.CacheNamespace;
import dev.sluice.record.CacheOrigin;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import reactor.core.publisher.Mono;

/** What tenants do with what they have laid down for namespaces; each tenant knows of its own alone. Thread-safe. */
public final class Namespaces {

    /** Every node has all of them in memory. */
    private static final int MAX_PER_TENANT = 1_000;

    private final NamespaceTable table;
    private final Origins origins;
    private final InstantSource clock;

    Namespaces(NamespaceTable table, Origins origins, InstantSource clock) {
        this.table = table;
        this.origins = origins;
        this.clock = clock;
    }

    /** A namespace as it is now, and whether it was laid down just now. */
    public record Stored(NamespaceView view, String entityTag, boolean created) {

        private static Stored of(Versioned<CacheNamespace> stored, boolean created) {
            return new Stored(NamespaceView.of(stored.value()), tagOf(stored), created);
        }
    }

    /** At most so many by their names, behind one of them. */
    public List<NamespaceView> list(String tenant, String after, int limit) {
        requireReady();
        return table.list(tenant, after, limit).stream().map(NamespaceView::of).toList();
    }

    public Stored find(String tenant, String namespace) {
        requireReady();
        return Stored.of(require(tenant, namespace), false);
    }

    /** Completes when it is on the log and in force on this node; the others follow as they read the log. */
    public Mono<Stored> put(
            String tenant, String namespace, PutNamespace terms, HttpHeaders headers, long largestValue) {
        requireReady();
        Optional<Versioned<CacheNamespace>> before = table.find(tenant, namespace);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        Instant createdAt = before.map(known -> known.value().getCreatedAt()).orElse(now);
        @Nullable
        CacheOrigin origin = terms.origin() == null
                ? null
                : origins.toRecord(
                        tenant,
                        namespace,
                        terms.origin(),
                        before.map(known -> known.value().getOrigin()));
        CacheNamespace record = terms.toRecord(tenant, namespace, createdAt, now, largestValue, origin);
        Preconditions.check(headers, before.map(Namespaces::tagOf));
        if (before.isEmpty() && table.list(tenant, "", MAX_PER_TENANT).size() >= MAX_PER_TENANT) {
            throw new ProblemException(
                    ProblemType.CONFLICT,
                    "A tenant may lay down something for " + MAX_PER_TENANT
                            + " namespaces; delete one that is not needed.");
        }
        long expected = before.map(Versioned::version).orElse(LogTable.ABSENT);
        return TableWrites.answered(() -> table.write(record, expected))
                .map(stored -> Stored.of(stored, before.isEmpty()));
    }

    /** Completes when it is gone; what the namespace holds stays, under the rules that are usual. */
    public Mono<Void> delete(String tenant, String namespace, HttpHeaders headers) {
        requireReady();
        Versioned<CacheNamespace> before = require(tenant, namespace);
        Preconditions.check(headers, Optional.of(tagOf(before)));
        return TableWrites.answered(() -> table.remove(tenant, namespace, before.version()));
    }

    private Versioned<CacheNamespace> require(String tenant, String namespace) {
        return table.find(tenant, namespace)
                .orElseThrow(
                        () -> new ProblemException(
                                ProblemType.NOT_FOUND,
                                "Nothing is laid down for this namespace; GET /api/v1/cache/namespaces lists those that have something."));
    }

    private static String tagOf(Versioned<CacheNamespace> stored) {
        return "\"" + stored.version() + "\"";
    }

    private void requireReady() {
        if (!table.ready()) {
            throw TableWrites.unavailable("The namespaces are still being loaded; try again shortly.");
        }
    }
}
