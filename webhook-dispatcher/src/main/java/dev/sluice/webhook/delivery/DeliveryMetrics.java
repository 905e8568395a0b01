package dev.sluice.webhook.delivery;

import dev.sluice.record.AttemptOutcome;
import dev.sluice.record.DeadReason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** What the dispatcher counts. Labels are closed sets: no tenant, endpoint or URL. */
final class DeliveryMetrics {

    private final MeterRegistry meters;
    private final DeliverySpans spans;
    /** To look one up in the registry costs more than to record with it. */
    private final Map<Labels, Timer> timers = new ConcurrentHashMap<>();

    private final Map<AttemptOutcome, Counter> outcomes = new EnumMap<>(AttemptOutcome.class);
    private final Counter postponements;

    private record Labels(AttemptOutcome outcome, String answer) {}

    /** Registers what can happen at zero: of a counter that begins with its first event, that event is no increase. */
    DeliveryMetrics(MeterRegistry meters, DeliverySpans spans) {
        this.meters = meters;
        this.spans = spans;
        for (AttemptOutcome outcome : AttemptOutcome.values()) {
            outcomes.put(outcome, meters.counter("sluice.webhook.delivery.outcomes", "outcome", lower(outcome)));
        }
        for (DeadReason reason : DeadReason.values()) {
            discards(reason);
        }
        postponements = meters.counter("sluice.webhook.postponed");
    }

    void attempted(Attempt attempt, Ruling ruling) {
        AttemptOutcome outcome = Attempt.outcome(ruling);
        timers.computeIfAbsent(new Labels(outcome, answer(attempt)), this::timer)
                .record(attempt.took());
        Objects.requireNonNull(outcomes.get(outcome)).increment();
        spans.attempted(attempt, outcome);
    }

    private Timer timer(Labels labels) {
        return Timer.builder("sluice.webhook.attempt")
                .description("Attempts to deliver, by how they ended")
                .tag("outcome", lower(labels.outcome()))
                .tag("answer", labels.answer())
                .register(meters);
    }

    /** Given up without an attempt. */
    void discarded(DeadReason reason) {
        discards(reason).increment();
    }

    /** Passed over, to be read again from the log. */
    void postponed() {
        postponements.increment();
    }

    void watch(Cursors cursors) {
        watch("first", cursors.lanes().first());
        watch("retry", cursors.lanes().later());
        watch("old", cursors.lanes().old());
        Gauge.builder("sluice.webhook.old.per.second", cursors.lanes().restraint(), Restraint::perSecond)
                .description("Deliveries to endpoints that were behind for long that may be begun in a second")
                .register(meters);
        Gauge.builder("sluice.webhook.backlog", cursors, Cursors::pending)
                .description("Deliveries that wait for endpoints that are behind")
                .register(meters);
        Gauge.builder("sluice.webhook.endpoints.behind", cursors, Cursors::behind)
                .description("Endpoints that are behind their partition's reader, with what waits for them on the log")
                .register(meters);
    }

    /** One that has not failed lately has no breaker. */
    void watch(EndpointGates gates) {
        for (Breaker.State state : Breaker.State.values()) {
            Gauge.builder("sluice.webhook.breakers", gates, all -> all.breakers(state))
                    .description("Endpoints that fail, by the state of their breakers")
                    .tag("state", lower(state))
                    .register(meters);
        }
    }

    private void watch(String name, Lanes lanes) {
        Gauge.builder("sluice.webhook.in.flight", lanes, Lanes::inFlight)
                .description("Attempts being made")
                .tag("lanes", name)
                .register(meters);
        Gauge.builder("sluice.webhook.waiting", lanes, Lanes::waiting)
                .description("Deliveries that wait for a turn")
                .tag("lanes", name)
                .register(meters);
    }

    private Counter discards(DeadReason reason) {
        return meters.counter("sluice.webhook.discarded", "reason", lower(reason));
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static String answer(Attempt attempt) {
        Integer status = attempt.status();
        if (status != null) {
            return status / 100 + "xx";
        }
        String error = attempt.error();
        return error == null ? "none" : error;
    }
}
