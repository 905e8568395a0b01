package dev.sluice.platform.web;

import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Gives every request an id and a place in a trace, and tells the client its id. */
final class RequestContextFilter implements WebFilter, Ordered {

    static final String REQUEST_ID = "X-Request-Id";
    static final String TRACE_PARENT = "traceparent";

    /** What may stand in a log line and a header without a second thought. */
    private static final Pattern SANE_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private final RandomGenerator random;

    RequestContextFilter(RandomGenerator random) {
        this.random = random;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        HttpHeaders headers = exchange.getRequest().getHeaders();
        RequestContext context = new RequestContext(
                requestId(headers), TraceParents.next(headers.getFirst(TRACE_PARENT), random), System.nanoTime());
        exchange.getAttributes().put(RequestContext.ATTRIBUTE, context);
        exchange.getResponse().getHeaders().set(REQUEST_ID, context.requestId());
        return chain.filter(exchange);
    }

    private String requestId(HttpHeaders headers) {
        List<String> sent = headers.getOrEmpty(REQUEST_ID);
        if (sent.size() == 1 && SANE_ID.matcher(sent.getFirst()).matches()) {
            return sent.getFirst();
        }
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
    }

    @Override
    public int getOrder() {
        return FilterOrder.REQUEST_CONTEXT;
    }
}
