package dev.sluice.webhook.replay;

import dev.sluice.record.DeadDelivery;
import dev.sluice.record.DeliveryTrigger;
import dev.sluice.record.DomainEvent;
import dev.sluice.record.WebhookDelivery;
import dev.sluice.record.WebhookEndpoint;
import dev.sluice.schemas.RecordDecoder;
import dev.sluice.schemas.Topics;
import dev.sluice.schemas.UndecodableRecordException;
import dev.sluice.webhook.endpoint.EndpointTable;
import dev.sluice.webhook.fanout.FanOut;
import dev.sluice.webhook.history.LaterAttempts;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** What is on the log of the past, as far as jobs send it again. Thread-safe. */
final class PastTable {

    private final EndpointTable endpoints;
    private final LaterAttempts later;
    private final InstantSource clock;
    private final RecordDecoder<DomainEvent> events = RecordDecoder.of(DomainEvent.class);
    private final RecordDecoder<DeadDelivery> dead = RecordDecoder.of(DeadDelivery.class);

    PastTable(EndpointTable endpoints, LaterAttempts later, InstantSource clock) {
        this.endpoints = endpoints;
        this.later = later;
        this.clock = clock;
    }

    /** The topic that a job reads. */
    static String topicOf(ReplayKind kind) {
        return switch (kind) {
            case RECOVER -> Topics.WEBHOOK_DEAD.name();
            case REPLAY -> Topics.EVENTS.name();
        };
    }

    /** What the value of a record is to a job about an endpoint as it is now. */
    Look look(ReplayPlan plan, WebhookEndpoint endpoint, byte @Nullable [] value) {
        if (value == null) {
            return new Look.Unreadable();
        }
        try {
            return switch (plan.kind()) {
                case RECOVER -> look(plan, endpoint, dead.decode(value).getDelivery());
                case REPLAY -> look(plan, endpoint, events.decode(value));
            };
        } catch (UndecodableRecordException _) {
            return new Look.Unreadable();
        }
    }

    private Look look(ReplayPlan plan, WebhookEndpoint endpoint, WebhookDelivery given) {
        if (!given.getEndpointId().equals(endpoint.getId())
                || !given.getTenant().equals(endpoint.getTenant())) {
            return new Look.Foreign();
        }
        // What was sent again since then is delivered, or on its way.
        if (!plan.wants(given.getEventType()) || later.isAlive(given)) {
            return new Look.Skip();
        }
        return new Look.Send(FanOut.again(given, DeliveryTrigger.RECOVER, clock.instant()));
    }

    private Look look(ReplayPlan plan, WebhookEndpoint endpoint, DomainEvent event) {
        if (!event.getTenant().equals(endpoint.getTenant())) {
            return new Look.Foreign();
        }
        if (!plan.wants(event.getType()) || !endpoints.isWantedBy(endpoint.getId(), event)) {
            return new Look.Skip();
        }
        return new Look.Send(FanOut.replayed(event, endpoint, clock.instant()));
    }
}
