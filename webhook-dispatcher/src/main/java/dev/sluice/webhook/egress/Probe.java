package dev.sluice.webhook.egress;

import java.time.Duration;

/** What came of one request, and how long its parts took. */
public record Probe(Answer answer, Timings timings) {

    /** One that was never sent. */
    public static Probe unsent(Answer.Failure failure) {
        return new Probe(new Answer.Missing(failure), Timings.of(Duration.ZERO));
    }
}
