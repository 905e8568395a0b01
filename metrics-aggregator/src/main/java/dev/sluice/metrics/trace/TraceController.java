package dev.sluice.metrics.trace;

import dev.sluice.metrics.trace.Traces.Position;
import dev.sluice.metrics.trace.Traces.Trace;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.Page;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.platform.web.StrictQuery;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;

/** Answers which way requests took, and what went wrong. */
@RestController
@RequestMapping(path = "/api/v1/monitoring", produces = MediaType.APPLICATION_JSON_VALUE)
class TraceController {

    private static final String ADMIN = "admin";
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final Pattern SERVICE = Pattern.compile("[a-z][a-z-]{0,63}");
    private static final Pattern CURSOR = Pattern.compile("([0-9]{1,16})-([0-9a-f]{32})");

    private final Traces traces;
    private final Errors errors;
    private final TraceListener listener;

    TraceController(Traces traces, Errors errors, TraceListener listener) {
        this.traces = traces;
        this.errors = errors;
        this.listener = listener;
    }

    @GetMapping("/traces")
    TraceAnswers.TraceList traces(ServerWebExchange exchange) {
        StrictQuery query =
                StrictQuery.of(exchange.getRequest()).only("limit", "cursor", "service", "failed", "min_duration");
        Optional<String> service = query.text("service").map(TraceController::service);
        Optional<Boolean> failed = query.text("failed").map(TraceController::flag);
        long minNanos = query.duration("min_duration", Duration.ZERO, LONGEST)
                .map(Duration::toNanos)
                .orElse(0L);
        Position before = query.text("cursor").map(TraceController::cursor).orElse(null);
        int limit = Page.limit(query);
        Instant asOf = listener.spansHeardUntil().orElse(null);
        Page<TraceAnswers.Summary> page = Page.of(
                traces.list(
                        Identity.of(exchange).tenant(),
                        trace -> service.map(trace::touches).orElse(true)
                                && failed.map(wanted -> wanted == trace.failed())
                                        .orElse(true)
                                && trace.durationNanos() >= minNanos,
                        before,
                        limit + 1),
                limit,
                TraceController::cursorOf,
                TraceAnswers.Summary::of);
        return new TraceAnswers.TraceList(page.data(), page.nextCursor(), asOf);
    }

    @GetMapping("/traces/{traceId}")
    TraceAnswers.Whole trace(@PathVariable String traceId, ServerWebExchange exchange) {
        StrictQuery.of(exchange.getRequest()).only();
        return traces.find(Identity.of(exchange).tenant(), traceId)
                .map(TraceAnswers.Whole::of)
                .orElseThrow(() -> new ProblemException(
                        ProblemType.NOT_FOUND,
                        "Look at GET /api/v1/monitoring/traces for those that are kept; send traceparent with the flag 01"
                                + " for a trace that is kept for certain."));
    }

    /** With the scope admin also those of the platform itself. */
    @GetMapping("/errors")
    TraceAnswers.ErrorList errors(ServerWebExchange exchange) {
        StrictQuery query = StrictQuery.of(exchange.getRequest()).only("limit", "service");
        Optional<String> service = query.text("service").map(TraceController::service);
        int limit = Page.limit(query);
        Identity identity = Identity.of(exchange);
        Instant asOf = listener.errorsHeardUntil().orElse(null);
        List<TraceAnswers.ErrorView> found =
                errors.list(identity.tenant(), identity.scopes().contains(ADMIN), service, limit).stream()
                        .map(TraceAnswers.ErrorView::of)
                        .toList();
        return new TraceAnswers.ErrorList(found, asOf);
    }

    private static String service(String text) {
        if (!SERVICE.matcher(text).matches()) {
            throw invalid("service", "Send the name of a service, such as api-gateway.");
        }
        return text;
    }

    private static boolean flag(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw invalid("failed", "Send true or false.");
        };
    }

    private static String cursorOf(Trace trace) {
        Position position = trace.position();
        return ChronoUnit.MICROS.between(Instant.EPOCH, position.at()) + "-" + position.traceId();
    }

    private static Position cursor(String text) {
        Matcher parts = CURSOR.matcher(text);
        if (!parts.matches()) {
            throw invalid("cursor", "Send the next_cursor of the page before as it is.");
        }
        return new Position(Instant.EPOCH.plus(Long.parseLong(parts.group(1)), ChronoUnit.MICROS), parts.group(2));
    }

    private static ProblemException invalid(String field, String detail) {
        return ProblemException.ofField(ProblemType.INVALID_PARAMETER, field, detail);
    }
}
