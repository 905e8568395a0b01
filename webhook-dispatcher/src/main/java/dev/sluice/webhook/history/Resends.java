package dev.sluice.webhook.history;

import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.record.DeliveryTrigger;
import dev.sluice.record.WebhookEndpointStatus;
import dev.sluice.webhook.endpoint.EndpointWrites;
import dev.sluice.webhook.fanout.DeliveryPublisher;
import dev.sluice.webhook.fanout.FanOut;
import java.time.Instant;
import java.time.InstantSource;
import reactor.core.publisher.Mono;

/** Puts deliveries on the log once more, under the id that their receivers may know. */
final class Resends {

    private final Deliveries deliveries;
    private final Originals originals;
    private final DeliveryPublisher publisher;
    private final InstantSource clock;

    Resends(Deliveries deliveries, Originals originals, DeliveryPublisher publisher, InstantSource clock) {
        this.deliveries = deliveries;
        this.originals = originals;
        this.publisher = publisher;
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
        return originals
                .find(tenant, endpointId, delivery)
                .switchIfEmpty(Mono.error(Resends::gone))
                .map(found -> FanOut.again(found, DeliveryTrigger.RESEND, clock.instant()))
                .flatMap(again -> EndpointWrites.answered(() -> publisher.publish(again))
                        .thenReturn(new Resent(again.getId(), again.getEventId(), again.getCreatedAt())));
    }

    private static ProblemException gone() {
        return new ProblemException(
                ProblemType.CONFLICT, "Its body is no longer on the log; publish the event again to have it sent.");
    }
}
