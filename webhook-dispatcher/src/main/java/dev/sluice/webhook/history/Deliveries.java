package dev.sluice.webhook.history;

import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.record.WebhookEndpoint;
import dev.sluice.record.WebhookEndpointState;
import dev.sluice.webhook.endpoint.EndpointWrites;
import dev.sluice.webhook.endpoint.Endpoints;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** What an owner may know of deliveries: of its own endpoints, as far back as is remembered. */
final class Deliveries {

    private final Endpoints endpoints;
    private final History history;
    private final Supplier<Optional<Instant>> heardUntil;
    private final Function<String, Optional<WebhookEndpointState>> places;
    private final InstantSource clock;

    Deliveries(
            Endpoints endpoints,
            History history,
            Supplier<Optional<Instant>> heardUntil,
            Function<String, Optional<WebhookEndpointState>> places,
            InstantSource clock) {
        this.endpoints = endpoints;
        this.history = history;
        this.heardUntil = heardUntil;
        this.places = places;
        this.clock = clock;
    }

    /** Attempts, the newest first; one more than the limit when there are more. */
    Found<Entry> attempts(String tenant, String endpointId, HistoryQuery query) {
        Found<Entry> all = entries(tenant, endpointId);
        List<Entry> wanted = all.items().stream()
                .filter(Entry::isAttempt)
                .filter(entry -> query.wants(entry.position(), entry.eventType(), entry.state(), entry.status()))
                .limit(query.limit() + 1L)
                .toList();
        return new Found<>(wanted, all.completeFrom(), all.asOf());
    }

    /** Deliveries, the last made first; one more than the limit when there are more. */
    Found<Delivery> list(String tenant, String endpointId, HistoryQuery query) {
        Found<Entry> all = entries(tenant, endpointId);
        List<Delivery> wanted = gathered(all.items()).stream()
                .filter(delivery -> query.wants(
                        delivery.position(),
                        delivery.last().eventType(),
                        delivery.state(),
                        delivery.last().status()))
                .sorted((a, b) -> b.position().compareTo(a.position()))
                .limit(query.limit() + 1L)
                .toList();
        return new Found<>(wanted, all.completeFrom(), all.asOf());
    }

    Delivery find(String tenant, String endpointId, String deliveryId) {
        List<Entry> entries = entries(tenant, endpointId).items().stream()
                .filter(entry -> entry.position().deliveryId().equals(deliveryId))
                .toList();
        if (entries.isEmpty()) {
            throw new ProblemException(
                    ProblemType.NOT_FOUND,
                    "No delivery with this id is remembered of this webhook; GET /api/v1/webhooks/{id}/deliveries lists those"
                            + " that are.");
        }
        return new Delivery(entries);
    }

    /** How the endpoint does; attempts are counted so far back. */
    StatsView stats(String tenant, String endpointId, Duration window) {
        Found<Entry> all = entries(tenant, endpointId);
        return StatsView.of(
                endpoint(tenant, endpointId),
                all,
                gathered(all.items()),
                places.apply(endpointId),
                window,
                clock.instant());
    }

    WebhookEndpoint endpoint(String tenant, String endpointId) {
        return endpoints.owned(tenant, endpointId);
    }

    private Found<Entry> entries(String tenant, String endpointId) {
        WebhookEndpoint endpoint = endpoints.owned(tenant, endpointId);
        Instant asOf = heardUntil
                .get()
                .orElseThrow(() -> EndpointWrites.unavailable(
                        "What became of deliveries is still being read; try again shortly."));
        History.Remembered remembered = history.of(endpoint.getTenant(), endpoint.getId(), clock.instant());
        return new Found<>(remembered.entries(), remembered.completeFrom(), asOf.truncatedTo(ChronoUnit.MILLIS));
    }

    private static List<Delivery> gathered(List<Entry> newestFirst) {
        Map<String, List<Entry>> byDelivery = new LinkedHashMap<>();
        newestFirst.forEach(entry -> byDelivery
                .computeIfAbsent(entry.position().deliveryId(), unseen -> new ArrayList<>())
                .add(entry));
        return byDelivery.values().stream().map(Delivery::new).toList();
    }
}
