package dev.sluice.platform.web;

import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;

/**
 * What a request is called.
 *
 * @param requestId the caller's X-Request-Id when it was a sane one, else ours
 * @param trace the span of this hop; null for a request that could not be read
 * @param parentSpanId the caller's span, 16 hex digits; null when the trace begins here
 * @param startedNanos {@link System#nanoTime} at its arrival
 */
public record RequestContext(
        String requestId,
        @Nullable TraceParent trace,
        @Nullable String parentSpanId,
        long startedNanos) {

    static final String ATTRIBUTE = RequestContext.class.getName();

    /** The context of a request; one without ids when the filter has not run, as for a request that could not be read. */
    public static RequestContext of(ServerWebExchange exchange) {
        return exchange.getAttributeOrDefault(ATTRIBUTE, new RequestContext("none", null, null, System.nanoTime()));
    }

    /** W3C traceparent of this hop: version 00, trace id, span id, flags; empty when there is none. */
    public String traceParent() {
        return trace == null ? "" : trace.toString();
    }

    /** The trace id, 32 hex digits; empty when there is none. */
    public String traceId() {
        return trace == null ? "" : trace.traceId();
    }

    /** Whether the spans of its trace are to be published. */
    public boolean isTraceKept() {
        return trace != null && trace.isKept();
    }
}
