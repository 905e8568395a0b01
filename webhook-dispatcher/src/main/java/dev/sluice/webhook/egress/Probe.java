package dev.sluice.webhook.egress;

import java.time.Duration;
import java.util.Optional;

/**
 * What came of one request, and how long its parts took.
 *
 * @param protocol what it was sent in; empty when it did not come to be sent
 */
public record Probe(Answer answer, Timings timings, Optional<Protocol> protocol) {

    /** One that was never sent. */
    public static Probe unsent(Answer.Failure failure) {
        return new Probe(new Answer.Missing(failure), Timings.of(Duration.ZERO), Optional.empty());
    }
}
