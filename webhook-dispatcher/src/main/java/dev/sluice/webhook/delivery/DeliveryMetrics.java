package dev.sluice.webhook.delivery;

import dev.sluice.record.DeadReason;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;

/** What the dispatcher counts. Labels are closed sets: no tenant, endpoint or URL. */
final class DeliveryMetrics {

    private final MeterRegistry meters;

    DeliveryMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    void attempted(Attempt attempt, Ruling ruling) {
        String outcome = Attempt.outcome(ruling).name().toLowerCase(Locale.ROOT);
        Timer.builder("sluice.webhook.attempt")
                .description("Attempts to deliver, by how they ended")
                .tag("outcome", outcome)
                .tag("answer", answer(attempt))
                .register(meters)
                .record(attempt.took());
        meters.counter("sluice.webhook.delivery.outcomes", "outcome", outcome).increment();
    }

    /** Given up without an attempt. */
    void discarded(DeadReason reason) {
        meters.counter("sluice.webhook.discarded", "reason", reason.name().toLowerCase(Locale.ROOT))
                .increment();
    }

    /** Kept on the log for later without an attempt. */
    void postponed() {
        meters.counter("sluice.webhook.postponed").increment();
    }

    void watch(String name, Lanes lanes) {
        Gauge.builder("sluice.webhook.in.flight", lanes, Lanes::inFlight)
                .description("Attempts being made")
                .tag("lanes", name)
                .register(meters);
        Gauge.builder("sluice.webhook.waiting", lanes, Lanes::waiting)
                .description("Deliveries that wait for a turn")
                .tag("lanes", name)
                .register(meters);
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
