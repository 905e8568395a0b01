package dev.sluice.webhook.history;

import dev.sluice.platform.kafka.LogSearch.SearchFailedException;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.record.DeliveryTrigger;
import dev.sluice.record.WebhookEndpointStatus;
import dev.sluice.webhook.budget.TenantBudget;
import dev.sluice.webhook.endpoint.EndpointWrites;
import dev.sluice.webhook.fanout.DeliveryPublisher;
import dev.sluice.webhook.fanout.FanOut;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.RejectedExecutionException;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Puts deliveries on the log once more, under the id that their receivers may know. */
final class Resends implements AutoCloseable {

    private static final int AT_ONCE = 2;
    private static final int WAITING = 100;

    private final Deliveries deliveries;
    private final DeliveriesTable table;
    private final DeliveryPublisher publisher;
    private final TenantBudget budget;
    private final InstantSource clock;
    private final Scheduler searches = Schedulers.newBoundedElastic(AT_ONCE, WAITING, "webhook-resend");

    Resends(
            Deliveries deliveries,
            DeliveriesTable table,
            DeliveryPublisher publisher,
            int perMinute,
            InstantSource clock) {
        this.deliveries = deliveries;
        this.table = table;
        this.publisher = publisher;
        this.budget = new TenantBudget("deliveries to be sent again", perMinute, clock);
        this.clock = clock;
    }

    /**
     * What was put on the log.
     *
     * @param id of the delivery, as before
     */
    record Resent(String id, String eventId, Instant resentAt) {}

    /** Completes when it is on the log; the schedule of attempts begins anew. */
    Mono<Resent> resend(String tenant, String endpointId, String deliveryId) {
        Delivery delivery = deliveries.find(tenant, endpointId, deliveryId);
        if (deliveries.endpoint(tenant, endpointId).getStatus() == WebhookEndpointStatus.DISABLED) {
            throw new ProblemException(
                    ProblemType.CONFLICT, "The webhook is disabled, so it would be dropped; resume the webhook first.");
        }
        Instant madeAt = delivery.lastMadeAt().orElseThrow(Resends::gone);
        budget.spend(tenant);
        return Mono.fromCallable(() -> table.fetch(endpointId, deliveryId, madeAt))
                .subscribeOn(searches)
                .onErrorMap(
                        e -> e instanceof SearchFailedException || e instanceof RejectedExecutionException,
                        e -> EndpointWrites.unavailable("The log cannot be read just now; try again shortly."))
                .map(found -> FanOut.again(found.orElseThrow(Resends::gone), DeliveryTrigger.RESEND, clock.instant()))
                .flatMap(again -> EndpointWrites.answered(() -> publisher.publish(again))
                        .thenReturn(new Resent(again.getId(), again.getEventId(), again.getCreatedAt())));
    }

    private static ProblemException gone() {
        return new ProblemException(
                ProblemType.CONFLICT, "Its body is no longer on the log; publish the event again to have it sent.");
    }

    @Override
    public void close() {
        searches.dispose();
    }
}
