package dev.sluice.webhook.health;

import java.time.Instant;

/** What follows from an attempt for its endpoint. */
sealed interface Verdict {

    /** Nothing that anybody must be told. */
    record Nothing() implements Verdict {}

    /** Its receiver said that it is gone, and it is disabled. */
    record Gone() implements Verdict {}

    /** It has failed for long: it is to be disabled. */
    record Failing(Instant since) implements Verdict {}

    /** It receives again after it was disabled. */
    record Recovered(Instant disabledAt) implements Verdict {}
}
