package dev.sluice.platform.web;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How a service answers HTTP.
 *
 * @param internal whether only requests signed by the gateway are answered
 * @param maxBodySize the largest request body, but for those of routes, which say it themselves
 * @param idleTimeout how long a connection may stand without a request, or with half of a request's head
 * @param readTimeout how long a client may pause within a body
 * @param bodyTimeout how long a client may take for a body that is read whole before it is handled
 * @param requestTimeout how long a client may take for a whole request, with a body that is passed on as it comes
 * @param maxRequestLine the longest request line
 * @param maxHeaders all request headers together
 * @param streamedPaths paths that read a body as it comes, so that it may be larger than max-body-size
 * @param extraMethods HTTP methods that are let in besides the usual ones, such as M-SEARCH or PROPFIND, for upstreams that
 *     know them
 * @param traceRatio how many of the traces that begin here are kept, 0 to 1; whoever sends a traceparent decides for its own
 * @param traceMaxPerSecond of the traces that begin in one process no more are kept in a second
 */
@ConfigurationProperties("sluice.web")
public record WebProperties(
        @DefaultValue("false") boolean internal,
        @DefaultValue("256KB") DataSize maxBodySize,
        @DefaultValue("10s") Duration idleTimeout,
        @DefaultValue("5s") Duration readTimeout,
        @DefaultValue("10s") Duration bodyTimeout,
        @DefaultValue("5m") Duration requestTimeout,
        @DefaultValue("4KB") DataSize maxRequestLine,
        @DefaultValue("8KB") DataSize maxHeaders,
        @DefaultValue List<String> streamedPaths,
        @DefaultValue List<String> extraMethods,
        @DefaultValue("0.02") double traceRatio,
        @DefaultValue("20") int traceMaxPerSecond) {

    private static final Pattern METHOD = Pattern.compile("[A-Z][A-Z-]{0,31}");

    /** One tells a caller the headers that the gateway adds, the other is for proxies of another kind. */
    private static final Set<String> NEVER = Set.of("TRACE", "CONNECT");

    public WebProperties {
        streamedPaths = List.copyOf(streamedPaths);
        extraMethods = List.copyOf(extraMethods);
        for (String method : extraMethods) {
            if (!METHOD.matcher(method).matches() || NEVER.contains(method)) {
                throw new IllegalArgumentException(
                        "sluice.web.extra-methods must be methods in capitals, such as PROPFIND,"
                                + " and never TRACE or CONNECT: " + method);
            }
        }
        if (!(traceRatio >= 0 && traceRatio <= 1)) {
            throw new IllegalArgumentException("sluice.web.trace-ratio must be 0 to 1: " + traceRatio);
        }
        if (traceMaxPerSecond < 1) {
            throw new IllegalArgumentException(
                    "sluice.web.trace-max-per-second must be positive; with sluice.web.trace-ratio=0 no trace is kept: "
                            + traceMaxPerSecond);
        }
        if (maxBodySize.toBytes() < 1) {
            throw new IllegalArgumentException("sluice.web.max-body-size must be positive: " + maxBodySize);
        }
    }
}
