package dev.sluice.metrics.trace;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.metrics.trace.Traces.Trace;
import dev.sluice.record.ErrorReport;
import dev.sluice.record.Span;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/** The shapes of the answers about traces and errors. Times are in milliseconds. */
final class TraceAnswers {

    private static final double NANOS_IN_MILLI = 1e6;

    private TraceAnswers() {}

    /**
     * @param asOf everything that was in the log by then has been heard; null until that is known
     * @param nextCursor what to send as {@code cursor} for the part that follows; null at the end
     */
    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record TraceList(
            List<Summary> data,
            @Nullable String nextCursor,
            @Nullable Instant asOf) {}

    /** One trace by its first span. */
    @JsonNaming(SnakeCaseStrategy.class)
    record Summary(
            String traceId,
            String name,
            String service,
            Instant startedAt,
            double durationMs,
            int spans,
            List<String> services,
            boolean failed) {

        static Summary of(Trace trace) {
            Span first = trace.first();
            return new Summary(
                    trace.traceId(),
                    first.getName(),
                    first.getService(),
                    first.getStartedAt(),
                    trace.durationNanos() / NANOS_IN_MILLI,
                    trace.spans().size(),
                    trace.spans().stream().map(Span::getService).distinct().toList(),
                    trace.failed());
        }
    }

    @JsonNaming(SnakeCaseStrategy.class)
    record Whole(String traceId, Instant startedAt, double durationMs, boolean failed, List<SpanView> spans) {

        static Whole of(Trace trace) {
            Instant start = trace.first().getStartedAt();
            return new Whole(
                    trace.traceId(),
                    start,
                    trace.durationNanos() / NANOS_IN_MILLI,
                    trace.failed(),
                    trace.spans().stream().map(span -> SpanView.of(span, start)).toList());
        }
    }

    /**
     * @param parentSpanId null when the trace begins with it; it may be a span of the caller's, which is not known here
     * @param offsetMs since the beginning of the trace
     */
    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record SpanView(
            String spanId,
            @Nullable String parentSpanId,
            String service,
            String name,
            Instant startedAt,
            double offsetMs,
            double durationMs,
            boolean failed,
            Map<String, String> attributes) {

        static SpanView of(Span span, Instant start) {
            return new SpanView(
                    span.getSpanId(),
                    span.getParentSpanId(),
                    span.getService(),
                    span.getName(),
                    span.getStartedAt(),
                    Duration.between(start, span.getStartedAt()).toNanos() / NANOS_IN_MILLI,
                    span.getDurationNanos() / NANOS_IN_MILLI,
                    span.getFailed(),
                    span.getAttributes());
        }
    }

    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record ErrorList(List<ErrorView> data, @Nullable Instant asOf) {}

    /**
     * Errors of one kind, and the latest of them.
     *
     * @param tenant null for one that came with nobody's request
     */
    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record ErrorView(
            String fingerprint,
            String service,
            String type,
            String message,
            long count,
            Instant firstAt,
            Instant lastAt,
            @Nullable String tenant,
            @Nullable String requestId,
            @Nullable String traceId) {

        static ErrorView of(Errors.Kind kind) {
            ErrorReport last = kind.last();
            return new ErrorView(
                    last.getFingerprint(),
                    last.getService(),
                    last.getType(),
                    last.getMessage(),
                    kind.count(),
                    kind.firstAt(),
                    last.getAt(),
                    last.getTenant(),
                    last.getRequestId(),
                    last.getTraceId());
        }
    }
}
