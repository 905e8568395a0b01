package dev.sluice.webhook.replay;

import dev.sluice.platform.web.FieldError;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.webhook.endpoint.EventTypePattern;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request to send again.
 *
 * @param from ISO 8601 instant in UTC: what was given up, or published, from then on
 * @param to and before then; up to now when left out
 * @param eventTypes exact types, or prefixes that end in .*; all when left out
 * @param perSecond most in a second, 1 to 1,000; 100 when left out
 */
record ReplayRequest(
        String from,
        @Nullable String to,
        @Nullable List<@Nullable String> eventTypes,
        @Nullable Integer perSecond) {

    private static final int USUAL = 100;
    private static final int MAX = 1_000;
    private static final int MAX_TYPES = 50;
    /** A clock that is a little ahead is no mistake. */
    private static final Duration SKEW = Duration.ofMinutes(5);

    /** Checks a request; all that is wrong with it is said at once. */
    ReplayPlan plan(ReplayKind kind, String endpointId, Instant now) {
        List<FieldError> errors = new ArrayList<>();
        Optional<Instant> begin = instant(from);
        if (begin.isEmpty()
                || begin.get().isBefore(now.minus(kind.reach()))
                || begin.get().isAfter(now.plus(SKEW))) {
            errors.add(new FieldError(
                    "from",
                    "invalid_instant",
                    "Send an ISO 8601 instant in UTC of the last "
                            + kind.reach().toDays()
                            + " days, such as 2026-01-31T00:00:00Z; there is no more on the log."));
        }
        Optional<Instant> end = to == null ? Optional.of(now) : instant(to);
        if (end.isEmpty() || begin.filter(first -> !first.isBefore(end.get())).isPresent()) {
            errors.add(new FieldError(
                    "to", "invalid_instant", "Send an ISO 8601 instant in UTC behind from, or leave it out for now."));
        }
        Set<EventTypePattern> types = types(errors);
        if (perSecond != null && (perSecond < 1 || perSecond > MAX)) {
            errors.add(new FieldError("perSecond", "out_of_range", "Send a whole number from 1 to " + MAX + "."));
        }
        if (!errors.isEmpty()) {
            throw ProblemException.ofFields(ProblemType.UNPROCESSABLE, errors);
        }
        // Not beyond now: what comes while the job runs is sent as it comes.
        Instant last = end.orElseThrow().isAfter(now) ? now : end.orElseThrow();
        return new ReplayPlan(
                kind, endpointId, begin.orElseThrow(), last, List.copyOf(types), perSecond == null ? USUAL : perSecond);
    }

    private Set<EventTypePattern> types(List<FieldError> errors) {
        Set<EventTypePattern> types = new LinkedHashSet<>();
        List<@Nullable String> texts = eventTypes == null ? List.of() : eventTypes;
        if (eventTypes != null && (texts.isEmpty() || texts.size() > MAX_TYPES)) {
            errors.add(new FieldError(
                    "eventTypes",
                    "invalid_event_types",
                    "Send 1 to " + MAX_TYPES + " types, or leave it out for all."));
            return types;
        }
        for (int i = 0; i < texts.size(); i++) {
            try {
                types.add(EventTypePattern.parse(texts.get(i)));
            } catch (IllegalArgumentException e) {
                errors.add(
                        new FieldError("eventTypes[" + i + "]", "invalid_event_type", String.valueOf(e.getMessage())));
            }
        }
        return types;
    }

    private static Optional<Instant> instant(@Nullable String text) {
        try {
            // Stricter than Instant.parse, which takes an hour 24.
            OffsetDateTime time = OffsetDateTime.parse(String.valueOf(text));
            return time.getOffset().equals(ZoneOffset.UTC) ? Optional.of(time.toInstant()) : Optional.empty();
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }
}
