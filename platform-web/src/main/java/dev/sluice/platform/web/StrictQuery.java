package dev.sluice.platform.web;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.http.server.reactive.ServerHttpRequest;

/** The query parameters of a request: each known, each once, none empty. */
public final class StrictQuery {

    private static final Instant YEAR_10000 = Instant.parse("+10000-01-01T00:00:00Z");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

    private final Map<String, List<String>> parameters;

    private StrictQuery(Map<String, List<String>> parameters) {
        this.parameters = parameters;
    }

    public static StrictQuery of(ServerHttpRequest request) {
        return new StrictQuery(request.getQueryParams());
    }

    /** Refuses every parameter but these. */
    public StrictQuery only(String... names) {
        Set<String> known = Set.of(names);
        parameters.forEach((name, values) -> {
            if (!known.contains(name)) {
                throw invalid(
                        "query",
                        known.isEmpty()
                                ? "Leave out the query; no parameter is known here."
                                : "Use only these parameters: " + String.join(", ", names) + ".");
            }
            if (values.size() != 1) {
                throw invalid(name, "Send the parameter once.");
            }
            if (values.getFirst() == null || values.getFirst().isEmpty()) {
                throw invalid(name, "Give the parameter a value, or leave it out.");
            }
        });
        return this;
    }

    public Optional<String> text(String name) {
        List<String> values = parameters.getOrDefault(name, List.of());
        return values.isEmpty() ? Optional.empty() : Optional.of(values.getFirst());
    }

    /** A decimal number in ASCII digits within bounds. */
    public Optional<Integer> number(String name, int min, int max) {
        return text(name).map(text -> {
            int value = NUMBER.matcher(text).matches() ? Integer.parseInt(text) : -1;
            if (value < min || value > max) {
                throw invalid(name, "Send a whole number from %d to %d.".formatted(min, max));
            }
            return value;
        });
    }

    /** An ISO 8601 duration within bounds, such as PT1H. */
    public Optional<Duration> duration(String name, Duration min, Duration max) {
        return text(name).map(text -> {
            try {
                Duration value = Duration.parse(text);
                if (value.compareTo(min) >= 0 && value.compareTo(max) <= 0) {
                    return value;
                }
            } catch (DateTimeException e) {
                // Answered below, with the bounds.
            }
            throw invalid(name, "Send an ISO 8601 duration from %s to %s, such as PT1H.".formatted(min, max));
        });
    }

    /** An instant in UTC, such as 2026-01-31T00:00:00Z, after 1970 and before the year 10000. */
    public Optional<Instant> instant(String name) {
        return text(name).map(text -> {
            try {
                // Stricter than Instant.parse, which takes an hour 24.
                OffsetDateTime time = OffsetDateTime.parse(text);
                Instant instant = time.toInstant();
                if (time.getOffset().equals(ZoneOffset.UTC)
                        && instant.isAfter(Instant.EPOCH)
                        && instant.isBefore(YEAR_10000)) {
                    return instant;
                }
            } catch (DateTimeException e) {
                // Answered below, with an example.
            }
            throw invalid(name, "Send an ISO 8601 instant in UTC, such as 2026-01-31T00:00:00Z.");
        });
    }

    private static ProblemException invalid(String name, String detail) {
        return ProblemException.ofField(ProblemType.INVALID_PARAMETER, name, detail);
    }
}
