package dev.sluice.gateway.ingest;

import java.time.Instant;

/** What came of a claim. */
sealed interface ClaimReply {

    /** The event may be written. */
    record Granted() implements ClaimReply {}

    /** The event is on the log. */
    record Complete(String eventId, int partition, long offset) implements ClaimReply {}

    /** Somebody is writing it. */
    record InFlight() implements ClaimReply {}

    /** The name was used for something else. */
    record Mismatch() implements ClaimReply {}

    /**
     * Whoever had the claim did not finish in time, and may have written the event or not.
     *
     * @param since when that claim was made, by the clock of who made it
     */
    record TakenOver(String eventId, Instant since) implements ClaimReply {}

    /** Redis did not answer in time; the claim may be made nevertheless. */
    record Unanswered() implements ClaimReply {}
}
