package dev.sluice.webhook.trial;

import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.record.DomainEvent;
import dev.sluice.record.WebhookDelivery;
import dev.sluice.record.WebhookEndpoint;
import dev.sluice.webhook.budget.TenantBudget;
import dev.sluice.webhook.delivery.Sender;
import dev.sluice.webhook.endpoint.Endpoints;
import dev.sluice.webhook.fanout.FanOut;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import reactor.core.publisher.Mono;

/**
 * Sends test events as deliveries are sent, but for the log: none is written there, none is tried again, and nothing follows for
 * the endpoint from what its receiver says.
 */
final class Trials {

    /** What a test event is called; endpoints get it whatever types and filter they have. */
    static final String EVENT_TYPE = "webhook.test";

    private final Endpoints endpoints;
    private final Sender sender;
    private final TrialProperties properties;
    private final TenantBudget budget;
    private final Semaphore places;
    private final InstantSource clock;

    Trials(Endpoints endpoints, Sender sender, TrialProperties properties, InstantSource clock) {
        this.endpoints = endpoints;
        this.sender = sender;
        this.properties = properties;
        this.budget = new TenantBudget("test events", properties.perMinute(), clock);
        this.places = new Semaphore(properties.inFlight());
        this.clock = clock;
    }

    /** Completes with what came of it, good or bad; paused and disabled endpoints are tried too. */
    Mono<TrialView> send(String tenant, String id) {
        WebhookEndpoint endpoint = endpoints.owned(tenant, id);
        return Mono.defer(() -> {
            budget.spend(tenant);
            if (!places.tryAcquire()) {
                throw new ProblemException(
                                ProblemType.UNAVAILABLE, "Too many test events are under way; try again shortly.")
                        .withHeader("Retry-After", "1");
            }
            return send(endpoint).doFinally(signal -> places.release());
        });
    }

    private Mono<TrialView> send(WebhookEndpoint endpoint) {
        Instant now = clock.instant();
        WebhookDelivery delivery = FanOut.trial(event(endpoint, now), endpoint, now);
        return sender.trial(delivery, endpoint, now, properties.timeout())
                .map(tried -> TrialView.of(endpoint, delivery, tried))
                .switchIfEmpty(Mono.fromSupplier(() -> TrialView.unsignable(endpoint, delivery)));
    }

    private static DomainEvent event(WebhookEndpoint endpoint, Instant now) {
        String data = "{\"webhook\":\"" + endpoint.getId() + "\",\"message\":\"A test event; nothing happened.\"}";
        return DomainEvent.newBuilder()
                .setId(UUID.randomUUID().toString())
                .setSource("/sluice/webhooks/" + endpoint.getId())
                .setType(EVENT_TYPE)
                .setTenant(endpoint.getTenant())
                .setTime(now)
                .setReceivedAt(now)
                .setDataContentType("application/json")
                .setData(ByteBuffer.wrap(data.getBytes(StandardCharsets.UTF_8)))
                .build();
    }
}
