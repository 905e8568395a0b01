package dev.sluice.gateway.stream;

import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.platform.web.StrictQuery;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpHeaders;

/** Where a client wants its stream to begin. Pure. */
sealed interface StreamStart {

    String LAST_EVENT_ID = "Last-Event-ID";
    String LAST_EVENT_ID_PARAMETER = "lastEventId";
    String SINCE = "since";

    /** With what comes from now on. */
    record Now() implements StreamStart {}

    /** Behind the event whose id this is; {@code notMine} is the answer to an id that is none. */
    record Behind(String token, ProblemException notMine) implements StreamStart {}

    /** With the first event that came to the log at this time or later. */
    record Since(Instant time) implements StreamStart {}

    /**
     * The header comes first: a browser that connects again sends it beside the parameters of the first time.
     *
     * @throws ProblemException when what was sent makes no sense
     */
    static StreamStart parse(HttpHeaders headers, StrictQuery query, Instant now) {
        Optional<String> token = query.text(LAST_EVENT_ID_PARAMETER);
        Optional<String> since = query.text(SINCE);
        if (token.isPresent() && since.isPresent()) {
            throw ProblemException.ofField(
                    ProblemType.INVALID_PARAMETER, SINCE, "Send lastEventId or since, not both.");
        }
        List<String> sent = headers.getOrEmpty(LAST_EVENT_ID);
        if (sent.size() > 1) {
            throw ProblemException.ofField(ProblemType.INVALID_HEADER, LAST_EVENT_ID, "Send the header once.");
        }
        if (!sent.isEmpty() && !sent.getFirst().isEmpty()) {
            return behind(ProblemType.INVALID_HEADER, LAST_EVENT_ID, sent.getFirst());
        }
        return token.map(text -> behind(ProblemType.INVALID_PARAMETER, LAST_EVENT_ID_PARAMETER, text))
                .or(() -> since.map(text -> new Since(parseTime(text, now))))
                .orElseGet(Now::new);
    }

    private static StreamStart behind(ProblemType type, String field, String token) {
        return new Behind(
                token,
                ProblemException.ofField(
                        type,
                        field,
                        "Send the id of an event of this stream as it came, or begin without one, at a time by since=PT5M."));
    }

    private static Instant parseTime(String text, Instant now) {
        try {
            Instant time = text.startsWith("P")
                    ? now.minus(Duration.parse(text))
                    : OffsetDateTime.parse(text).toInstant();
            if (!time.isAfter(now) && time.isAfter(Instant.EPOCH)) {
                return time;
            }
        } catch (DateTimeException | ArithmeticException e) {
            // Answered below, with examples.
        }
        throw ProblemException.ofField(
                ProblemType.INVALID_PARAMETER,
                SINCE,
                "Send a time that has passed, such as 2026-01-31T12:00:00Z, or how long ago, such as PT5M"
                        + " (in a URL, + is written %2B).");
    }
}
