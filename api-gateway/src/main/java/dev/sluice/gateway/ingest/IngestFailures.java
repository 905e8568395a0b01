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
}
