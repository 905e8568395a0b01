package dev.sluice.platform.web;

import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Gives every request an id and a place in a trace, and tells the client its id. */
final class RequestContextFilter implements WebFilter, Ordered {

    static final String REQUEST_ID = "X-Request-Id";

    private static final int MAX_ID_LENGTH = 64;

    private final RandomGenerator random;
    private final TraceSampler sampler;

    RequestContextFilter(RandomGenerator random, TraceSampler sampler) {
        this.random = random;
        this.sampler = sampler;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        HttpHeaders headers = exchange.getRequest().getHeaders();
        TraceParent caller =
                TraceParent.parse(headers.getFirst(TraceParent.HEADER)).orElse(null);
        RequestContext context = new RequestContext(
                requestId(headers),
                caller == null ? TraceParent.begin(random, sampler) : caller.child(random),
                caller == null ? null : caller.spanId(),
                System.nanoTime());
        exchange.getAttributes().put(RequestContext.ATTRIBUTE, context);
        exchange.getResponse().getHeaders().set(REQUEST_ID, context.requestId());
        return chain.filter(exchange);
    }

    private String requestId(HttpHeaders headers) {
        List<String> sent = headers.getOrEmpty(REQUEST_ID);
        if (sent.size() == 1 && isSane(sent.getFirst())) {
            return sent.getFirst();
        }
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
    }

    /** Whether an id may stand in a log line, a topic and a header without a second thought. */
    private static boolean isSane(String id) {
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            boolean isIn = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
            if (!isIn && c != '.' && c != '_' && c != '-') {
                return false;
            }
        }
        return !id.isEmpty() && id.length() <= MAX_ID_LENGTH && !holdsSecret(id);
    }

    /** Also one whose other characters somebody has made dots, which may stand in an id. */
    private static boolean holdsSecret(String id) {
        String whole = id.replace('.', '_');
        return !SecretMask.mask(whole).equals(whole);
    }

    @Override
    public int getOrder() {
        return FilterOrder.REQUEST_CONTEXT;
    }
}
