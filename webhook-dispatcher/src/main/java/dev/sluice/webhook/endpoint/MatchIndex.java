package dev.sluice.webhook.endpoint;

import dev.sluice.record.WebhookEndpoint;
import dev.sluice.webhook.filter.Filter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which endpoints of a tenant want an event type. A look-up costs as many map look-ups as the type has words, however
 * many endpoints there are. Changes replace one tenant's part as a whole, so that readers never see half of one.
 * One thread writes, any thread reads.
 */
final class MatchIndex {

    /** An endpoint and what it asks of events, read once. */
    record Candidate(WebhookEndpoint endpoint, Filter filter) {

        static Candidate of(WebhookEndpoint endpoint) {
            return new Candidate(endpoint, Filter.stored(endpoint.getFilter()));
        }
    }

    private final Map<String, TenantPart> tenants = new java.util.concurrent.ConcurrentHashMap<>();

    /** Follows one change; either side may be absent. */
    void apply(@Nullable WebhookEndpoint before, @Nullable WebhookEndpoint after) {
        if (before != null) {
            replace(before.getTenant(), part -> part.without(before.getId()));
        }
        if (after != null) {
            replace(after.getTenant(), part -> part.with(after));
        }
    }

    private void replace(String tenant, java.util.function.UnaryOperator<TenantPart> change) {
        TenantPart changed = change.apply(tenants.getOrDefault(tenant, TenantPart.EMPTY));
        if (changed.endpoints.isEmpty()) {
            tenants.remove(tenant);
            return;
        }
        tenants.put(tenant, changed);
    }

    /** The endpoints that want an event of this type, whatever their status and filter. */
    List<Candidate> match(String tenant, String eventType) {
        TenantPart part = tenants.getOrDefault(tenant, TenantPart.EMPTY);
        Map<String, Candidate> found = new LinkedHashMap<>();
        for (String candidate : EventTypePattern.candidatesFor(eventType)) {
            part.byPattern
                    .getOrDefault(candidate, List.of())
                    .forEach(e -> found.putIfAbsent(e.endpoint().getId(), e));
        }
        return List.copyOf(found.values());
    }

    /** The endpoints of a tenant, in the order of their ids. */
    Collection<WebhookEndpoint> of(String tenant) {
        return tenants.getOrDefault(tenant, TenantPart.EMPTY).endpoints.values().stream()
                .map(Candidate::endpoint)
                .toList();
    }

    /** One tenant's endpoints; never changed once made. */
    private record TenantPart(TreeMap<String, Candidate> endpoints, Map<String, List<Candidate>> byPattern) {

        static final TenantPart EMPTY = of(new TreeMap<>());

        static TenantPart of(TreeMap<String, Candidate> endpoints) {
            Map<String, List<Candidate>> byPattern = new HashMap<>();
            for (Candidate candidate : endpoints.values()) {
                for (String pattern : patterns(candidate.endpoint())) {
                    byPattern
                            .computeIfAbsent(pattern, unseen -> new ArrayList<>())
                            .add(candidate);
                }
            }
            return new TenantPart(endpoints, byPattern);
        }

        /** No event type at all means every one. */
        private static List<String> patterns(WebhookEndpoint endpoint) {
            return endpoint.getEventTypes().isEmpty() ? List.of(EventTypePattern.ALL.text()) : endpoint.getEventTypes();
        }

        TenantPart with(WebhookEndpoint endpoint) {
            TreeMap<String, Candidate> changed = new TreeMap<>(endpoints);
            changed.put(endpoint.getId(), Candidate.of(endpoint));
            return of(changed);
        }

        TenantPart without(String id) {
            TreeMap<String, Candidate> changed = new TreeMap<>(endpoints);
            changed.remove(id);
            return of(changed);
        }
    }
}
