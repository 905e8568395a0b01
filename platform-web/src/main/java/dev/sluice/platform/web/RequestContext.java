package dev.sluice.platform.web;

import org.springframework.web.server.ServerWebExchange;

/**
 * What a request is called.
 *
 * @param requestId the caller's X-Request-Id when it was a sane one, else ours
 * @param traceParent W3C traceparent of this hop: version 00, trace id, span id, flags
 * @param startedNanos {@link System#nanoTime} at its arrival
 */
public record RequestContext(String requestId, String traceParent, long startedNanos) {

    static final String ATTRIBUTE = RequestContext.class.getName();

    /** The context of a request; one without ids when the filter has not run, as for a request that could not be read. */
    public static RequestContext of(ServerWebExchange exchange) {
        return exchange.getAttributeOrDefault(ATTRIBUTE, new RequestContext("none", "", System.nanoTime()));
    }

    /** The trace id, 32 hex digits; empty when there is none. */
    public String traceId() {
        return traceParent.length() == TraceParents.LENGTH ? traceParent.substring(3, 35) : "";
    }
}
