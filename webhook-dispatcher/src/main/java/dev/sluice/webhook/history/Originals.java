package dev.sluice.webhook.history;

import dev.sluice.platform.kafka.LogSearch.SearchFailedException;
import dev.sluice.record.WebhookDelivery;
import dev.sluice.webhook.budget.TenantBudget;
import dev.sluice.webhook.endpoint.EndpointWrites;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Deliveries as they were put on the log, looked up there: few at once, and so many a minute for each tenant. */
final class Originals implements AutoCloseable {

    private static final int AT_ONCE = 2;
    private static final int WAITING = 100;

    private final DeliveriesTable table;
    private final TenantBudget budget;
    private final Scheduler searches = Schedulers.newBoundedElastic(AT_ONCE, WAITING, "webhook-originals");

    Originals(DeliveriesTable table, int perMinute, InstantSource clock) {
        this.table = table;
        this.budget = new TenantBudget("deliveries to be looked up or sent again", perMinute, clock);
    }

    /** Empty when it is no longer on the log. */
    Mono<WebhookDelivery> find(String tenant, String endpointId, Delivery delivery) {
        Optional<Instant> madeAt = delivery.lastMadeAt();
        if (madeAt.isEmpty()) {
            return Mono.empty();
        }
        budget.spend(tenant);
        return Mono.fromCallable(() -> table.fetch(endpointId, delivery.id(), madeAt.get()))
                .subscribeOn(searches)
                .onErrorMap(
                        e -> e instanceof SearchFailedException || e instanceof RejectedExecutionException,
                        e -> EndpointWrites.unavailable("The log cannot be read just now; try again shortly."))
                .flatMap(Mono::justOrEmpty);
    }

    @Override
    public void close() {
        searches.dispose();
    }
}
