package dev.sluice.webhook.delivery;

import dev.sluice.record.DeliveryTrigger;
import dev.sluice.record.WebhookDelivery;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * First attempts, later ones, and what an endpoint that was behind for long catches up with, in lanes of their own, so that a wave of one does
 * not delay another. Thread-safe.
 */
final class LaneKinds {

    /** What has waited so long is in no hurry any more. A burst that fills a lane for a moment is not what waits for long. */
    static final Duration OLD = Duration.ofSeconds(10);

    private final Lanes first;
    private final Lanes later;
    private final Lanes old;
    private final EndpointGates gates;
    private final Restraint restraint;
    private final InstantSource clock;

    /** @param restraint how much of what is old may be begun */
    LaneKinds(
            LaneLimits firstLimits,
            LaneLimits laterLimits,
            EndpointGates gates,
            Restraint restraint,
            InstantSource clock,
            Function<Job, CompletionStage<?>> work) {
        first = new Lanes(firstLimits, gates, Lanes.Room.ENDLESS, work);
        later = new Lanes(laterLimits, gates, Lanes.Room.ENDLESS, work);
        old = new Lanes(firstLimits.half(), gates, restraint, work);
        this.gates = gates;
        this.restraint = restraint;
        this.clock = clock;
    }

    Lanes first() {
        return first;
    }

    Lanes later() {
        return later;
    }

    /** The partition's reader has brought one to an endpoint that keeps up. */
    void came(Job job) {
        if (isNew(job.delivery())) {
            restraint.came(Duration.between(job.delivery().getCreatedAt(), clock.instant()));
        }
    }

    Restraint restraint() {
        return restraint;
    }

    /** What is read again after it has waited for long. */
    Lanes old() {
        return old;
    }

    /** Of what is in order, all goes one way. */
    Lanes of(Job job) {
        if (gates.isInOrder(job.endpointId())) {
            return first;
        }
        Lanes usual = isNew(job.delivery()) ? first : later;
        return job.isReadAgain() && isOld(job, usual) ? old : usual;
    }

    /** What is read again goes where something waits already: what would overtake it stands behind the endpoint's place, and is repeated after a stop. */
    private boolean isOld(Job job, Lanes usual) {
        if (old.isWaiting(job.endpointId())) {
            return true;
        }
        return !usual.isWaiting(job.endpointId())
                && job.delivery().getCreatedAt().isBefore(clock.instant().minus(OLD));
    }

    /** What the many are sent again by goes with later attempts, so that it never takes the place of what is new. */
    private static boolean isNew(WebhookDelivery delivery) {
        return delivery.getAttempt() == 0 && delivery.getTrigger() != DeliveryTrigger.RECOVER;
    }

    /** Takes back what waits for an endpoint. */
    List<Job> withdraw(String endpointId) {
        List<Job> waiting = new ArrayList<>(first.withdraw(endpointId));
        waiting.addAll(later.withdraw(endpointId));
        waiting.addAll(old.withdraw(endpointId));
        return waiting;
    }
}
