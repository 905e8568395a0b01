package dev.sluice.gateway.ingest;

import dev.sluice.platform.kafka.PublishFailedException;
import dev.sluice.platform.kafka.PublisherOverloadedException;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;

/** Turns what kept an event from the log into what its producer is told. Pure. */
final class IngestFailures {

    private static final String RETRY_AFTER = "Retry-After";

    private static final ProblemType IN_FLIGHT =
            ProblemType.ours("idempotency_in_flight", 409, "The same event is being taken just now");
    static final ProblemType MISMATCH =
            ProblemType.ours("idempotency_mismatch", 422, "The name stands for another event");

    private IngestFailures() {}

    static Throwable map(Throwable failure) {
        return switch (failure) {
            case CompletionException wrapped when wrapped.getCause() != null -> map(wrapped.getCause());
            case PublisherOverloadedException ignored -> overloaded();
            case PublishFailedException ignored -> unconfirmed();
            case TimeoutException ignored -> unconfirmed();
            default -> failure;
        };
    }

    static ProblemException overloaded() {
        return new ProblemException(
                        ProblemType.REDUCED_CAPACITY,
                        "Too many events are on their way to the log; the event was not taken. Send it again later.")
                .withHeader(RETRY_AFTER, "1");
    }

    private static ProblemException unconfirmed() {
        return new ProblemException(
                        ProblemType.UNAVAILABLE,
                        "The log did not confirm the event in time; it may or may not be kept. "
                                + "Send it again with the same id and source.")
                .withHeader(RETRY_AFTER, "2");
    }

    static ProblemException inFlight() {
        return new ProblemException(
                        IN_FLIGHT,
                        "A request with the same name has not ended yet. Send the same again later; it will be told what "
                                + "came of it.")
                .withHeader(RETRY_AFTER, "1");
    }

    /** Somebody else is writing it, or was killed while it did. */
    static boolean isInFlight(ProblemException problem) {
        return problem.type().equals(IN_FLIGHT);
    }

    static ProblemException mismatch(Claim claim) {
        return claim.explicit()
                ? ProblemException.ofField(
                        MISMATCH,
                        IdempotencyKey.HEADER,
                        "Send a new key with every event; this one was used for an event with other attributes or data.")
                : ProblemException.ofField(
                        MISMATCH,
                        "id",
                        "Give every event an id of its own; this one was used, with the same source, for an event with "
                                + "other attributes or data.");
    }

    static ProblemException unchecked() {
        return new ProblemException(
                        ProblemType.UNAVAILABLE,
                        "It cannot be found out just now whether the key was used; the event was not taken. Send the same "
                                + "again later.")
                .withHeader(RETRY_AFTER, "1");
    }
}
