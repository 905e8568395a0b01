package dev.sluice.gateway.ingest;

import dev.sluice.platform.web.ProblemException;

/** What became of one event. */
sealed interface Outcome {

    /** It is on the log. */
    record Taken(EventReceipt receipt, Check check) implements Outcome {}

    record Refused(ProblemException problem) implements Outcome {}
}
