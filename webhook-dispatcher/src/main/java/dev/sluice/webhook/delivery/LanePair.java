package dev.sluice.webhook.delivery;

import dev.sluice.record.DeliveryTrigger;
import dev.sluice.record.WebhookDelivery;
import java.util.ArrayList;
import java.util.List;

/** First attempts and later ones in lanes of their own, so that a wave of later ones does not delay what is new. Thread-safe. */
final class LanePair {

    private final Lanes first;
    private final Lanes later;
    private final EndpointGates gates;

    LanePair(LaneLimits firstLimits, LaneLimits laterLimits, EndpointGates gates, Work work, Cursors cursors) {
        first = new Lanes(firstLimits, gates, job -> work.begin(job, cursors));
        later = new Lanes(laterLimits, gates, job -> work.begin(job, cursors));
        this.gates = gates;
    }

    Lanes first() {
        return first;
    }

    Lanes later() {
        return later;
    }

    /** Of what is in order, all goes one way. */
    Lanes of(Job job) {
        return isNew(job.delivery()) || gates.isInOrder(job.endpointId()) ? first : later;
    }

    /** What the many are sent again by goes with later attempts, so that it never takes the place of what is new. */
    private static boolean isNew(WebhookDelivery delivery) {
        return delivery.getAttempt() == 0 && delivery.getTrigger() != DeliveryTrigger.RECOVER;
    }

    /** Takes back what waits for an endpoint. */
    List<Job> withdraw(String endpointId) {
        List<Job> waiting = new ArrayList<>(first.withdraw(endpointId));
        waiting.addAll(later.withdraw(endpointId));
        return waiting;
    }
}
