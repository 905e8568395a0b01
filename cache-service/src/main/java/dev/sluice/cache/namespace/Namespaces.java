package dev.sluice.cache.namespace;

import dev.sluice.platform.kafka.LogTable;
import dev.sluice.platform.kafka.PublishFailedException;
import dev.sluice.platform.kafka.PublisherOverloadedException;
import dev.sluice.platform.kafka.VersionConflictException;
import dev.sluice.platform.kafka.Versioned;
import dev.sluice.platform.web.Preconditions;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.record.CacheNamespace;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.springframework.http.HttpHeaders;
import reactor.core.publisher.Mono;

/** What tenants do with what they have laid down for namespaces; each tenant knows of its own alone. Thread-safe. */
public final class Namespaces {

    /** Every node has all of them in memory. */
    private static final int MAX_PER_TENANT = 1_000;

    private final NamespaceTable table;
    private final InstantSource clock;

    Namespaces(NamespaceTable table, InstantSource clock) {
        this.table = table;
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
        CacheNamespace record = terms.toRecord(tenant, namespace, createdAt, now, largestValue);
        Preconditions.check(headers, before.map(Namespaces::tagOf));
        if (before.isEmpty() && table.list(tenant, "", MAX_PER_TENANT).size() >= MAX_PER_TENANT) {
            throw new ProblemException(
                    ProblemType.CONFLICT,
                    "A tenant may lay down something for " + MAX_PER_TENANT
                            + " namespaces; delete one that is not needed.");
        }
        long expected = before.map(Versioned::version).orElse(LogTable.ABSENT);
        return answered(() -> table.write(record, expected)).map(stored -> Stored.of(stored, before.isEmpty()));
    }

    /** Completes when it is gone; what the namespace holds stays, under the rules that are usual. */
    public Mono<Void> delete(String tenant, String namespace, HttpHeaders headers) {
        requireReady();
        Versioned<CacheNamespace> before = require(tenant, namespace);
        Preconditions.check(headers, Optional.of(tagOf(before)));
        return answered(() -> table.remove(tenant, namespace, before.version()));
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

    private static <T> Mono<T> answered(Supplier<CompletableFuture<T>> write) {
        return Mono.fromFuture(write)
                .onErrorMap(
                        VersionConflictException.class,
                        failure -> new ProblemException(
                                ProblemType.CONFLICT,
                                "Somebody else has changed it just now; read it again, then repeat."))
                .onErrorMap(
                        PublisherOverloadedException.class, failure -> unavailable("Nothing was changed; try again."))
                .onErrorMap(
                        PublishFailedException.class,
                        failure -> unavailable(
                                "The log did not confirm the change in time; look whether it was made, then try again."));
    }

    private void requireReady() {
        if (!table.ready()) {
            throw unavailable("The namespaces are still being loaded; try again shortly.");
        }
    }

    private static ProblemException unavailable(String detail) {
        return new ProblemException(ProblemType.UNAVAILABLE, detail).withHeader(HttpHeaders.RETRY_AFTER, "2");
    }
}
