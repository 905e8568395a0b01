package dev.sluice.webhook.endpoint;

import dev.sluice.platform.kafka.LogTable;
import dev.sluice.platform.kafka.LogTables;
import dev.sluice.platform.kafka.Versioned;
import dev.sluice.record.DomainEvent;
import dev.sluice.record.WebhookEndpoint;
import dev.sluice.record.WebhookEndpointStatus;
import dev.sluice.schemas.Topics;
import dev.sluice.webhook.endpoint.MatchIndex.Candidate;
import dev.sluice.webhook.filter.FilteredEvent;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** All webhook endpoints in memory, indexed by tenant and by what they match. Thread-safe. */
public final class EndpointTable {

    private final LogTable<WebhookEndpoint> table;
    private final MatchIndex index = new MatchIndex();

    EndpointTable(LogTable<WebhookEndpoint> table) {
        this.table = table;
        table.onChange((id, before, after) -> index.apply(before, after));
    }

    static EndpointTable over(LogTables tables) {
        return new EndpointTable(tables.of(Topics.WEBHOOK_ENDPOINTS));
    }

    /** Tells of the id of every endpoint that is there or is changed or removed, when {@link #find} knows of it. */
    public void onChange(Consumer<String> listener) {
        table.onChange((id, before, after) -> listener.accept(id));
    }

    /** Whether everything was read that was in the log at start. */
    public boolean ready() {
        return table.ready();
    }

    /** Completes when {@link #ready}. */
    public CompletableFuture<Void> whenReady() {
        return table.whenReady();
    }

    public Optional<WebhookEndpoint> find(String id) {
        return table.find(id);
    }

    /** The endpoint with its version, if it is this tenant's; another tenant's is as unknown as one that never was. */
    Optional<Versioned<WebhookEndpoint>> findOwned(String tenant, String id) {
        return table.findVersioned(id).filter(found -> found.value().getTenant().equals(tenant));
    }

    /** All endpoints of all tenants; a copy. */
    List<WebhookEndpoint> all() {
        return table.entries().stream().map(Versioned::value).toList();
    }

    /** How many others its tenant had when an endpoint was written; of those written at that moment elsewhere, rather one too many. */
    long countBefore(Versioned<WebhookEndpoint> stored) {
        WebhookEndpoint created = stored.value();
        return table.entries().stream()
                .filter(other -> other.value().getTenant().equals(created.getTenant())
                        && !other.value().getId().equals(created.getId()))
                .filter(other -> other.version() < stored.version()
                        || other.value().getCreatedAt().isBefore(created.getCreatedAt()))
                .count();
    }

    Collection<WebhookEndpoint> of(String tenant) {
        return index.of(tenant);
    }

    /** The endpoints that are to get an event; disabled ones are not. */
    public List<WebhookEndpoint> matching(DomainEvent event) {
        FilteredEvent filtered = FilteredEvent.of(event);
        return index.match(event.getTenant(), event.getType()).stream()
                .filter(candidate -> candidate.endpoint().getStatus() != WebhookEndpointStatus.DISABLED)
                .filter(candidate -> candidate.filter().matches(filtered))
                .filter(candidate ->
                        !OperationalEvents.isAbout(event, candidate.endpoint().getId()))
                .map(Candidate::endpoint)
                .toList();
    }

    /** Whether an event is for this endpoint among others. */
    public boolean isWantedBy(String id, DomainEvent event) {
        return matching(event).stream().anyMatch(endpoint -> endpoint.getId().equals(id));
    }

    /** Writes an endpoint that must not be there yet. */
    CompletableFuture<Versioned<WebhookEndpoint>> create(WebhookEndpoint endpoint) {
        return table.put(endpoint.getId(), endpoint, LogTable.ABSENT);
    }

    CompletableFuture<Versioned<WebhookEndpoint>> replace(WebhookEndpoint endpoint, long expectedVersion) {
        return table.put(endpoint.getId(), endpoint, expectedVersion);
    }

    CompletableFuture<Void> remove(String id) {
        return table.remove(id);
    }

    /** Removes an endpoint that is still at that version. */
    CompletableFuture<Void> remove(String id, long expectedVersion) {
        return table.remove(id, expectedVersion);
    }

    Optional<Versioned<WebhookEndpoint>> findVersioned(String id) {
        return table.findVersioned(id);
    }
}
