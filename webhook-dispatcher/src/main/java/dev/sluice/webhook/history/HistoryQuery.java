package dev.sluice.webhook.history;

import dev.sluice.platform.web.Page;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.platform.web.StrictQuery;
import dev.sluice.webhook.endpoint.EventTypePattern;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which entries a request wants.
 *
 * @param status what was answered: a status code, all of one hundred, such as {@code 5xx}, or that nothing was
 * @param from the first moment, if any
 * @param to behind the last moment, if any
 * @param before only what stands before it, as on the page before
 */
record HistoryQuery(
        Optional<State> state,
        Optional<String> status,
        Optional<EventTypePattern> type,
        Optional<Instant> from,
        Optional<Instant> to,
        Optional<Position> before,
        int limit) {

    /** As long as attempts stay on the log. */
    private static final Duration LONGEST = Duration.ofDays(31);

    private static final Duration SKEW = Duration.ofDays(1);

    private static final String UNANSWERED = "none";
    private static final Pattern STATUS = Pattern.compile("[1-9]([0-9]{2}|xx)|" + UNANSWERED);

    static HistoryQuery of(StrictQuery query, Instant now) {
        query.only("limit", "cursor", "state", "status", "type", "from", "to");
        Optional<Instant> from = query.text("from").map(text -> instant("from", text, now));
        Optional<Instant> to = query.text("to").map(text -> instant("to", text, now));
        if (from.isPresent() && to.isPresent() && !from.get().isBefore(to.get())) {
            throw invalid("from", "Send an instant before that of to.");
        }
        return new HistoryQuery(
                query.text("state").map(HistoryQuery::state),
                query.text("status").map(HistoryQuery::status),
                query.text("type").map(HistoryQuery::type),
                from,
                to,
                query.text("cursor").map(HistoryQuery::cursor),
                Page.limit(query));
    }

    boolean wants(Position position, String eventType, State stateOfIt, @Nullable Integer answered) {
        return state.map(wanted -> wanted == stateOfIt).orElse(true)
                && status.map(wanted -> isOf(wanted, answered)).orElse(true)
                && type.map(pattern -> pattern.matches(eventType)).orElse(true)
                && from.map(begin -> !position.at().isBefore(begin)).orElse(true)
                && to.map(end -> position.at().isBefore(end)).orElse(true)
                && before.map(cursor -> position.compareTo(cursor) < 0).orElse(true);
    }

    private static State state(String text) {
        return State.find(text).orElseThrow(() -> invalid("state", "Send delivered, retrying or dead."));
    }

    private static String status(String text) {
        if (STATUS.matcher(text).matches()) {
            return text;
        }
        throw invalid(
                "status", "Send a status code such as 503, a hundred such as 5xx, or none for what had no answer.");
    }

    private static boolean isOf(String wanted, @Nullable Integer answered) {
        if (answered == null) {
            return wanted.equals(UNANSWERED);
        }
        String code = answered.toString();
        return wanted.equals(code) || wanted.equals(code.charAt(0) + "xx");
    }

    private static EventTypePattern type(String text) {
        try {
            return EventTypePattern.parse(text);
        } catch (IllegalArgumentException _) {
            throw invalid("type", "Send one event type, such as order.created, or order.* for all below it.");
        }
    }

    private static Position cursor(String text) {
        return Position.parse(text)
                .orElseThrow(() -> invalid("cursor", "Send the nextCursor of the page before as it is."));
    }

    private static Instant instant(String field, String text, Instant now) {
        try {
            // Stricter than Instant.parse, which takes an hour 24.
            OffsetDateTime time = OffsetDateTime.parse(text);
            Instant instant = time.toInstant();
            if (time.getOffset().equals(ZoneOffset.UTC)
                    && instant.isAfter(now.minus(LONGEST))
                    && instant.isBefore(now.plus(SKEW))) {
                return instant;
            }
        } catch (DateTimeException _) {
            // Answered below, with an example.
        }
        throw invalid(field, "Send an ISO 8601 instant in UTC of the last 31 days, such as 2026-01-31T00:00:00Z.");
    }

    private static ProblemException invalid(String field, String detail) {
        return ProblemException.ofField(ProblemType.INVALID_PARAMETER, field, detail);
    }
}
