package dev.sluice.platform.web;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Refuses bodies that nobody here would read: compressed ones, and those announced to be too large. */
final class BodyFilter implements WebFilter, Ordered {

    private final long maxBytes;
    private final Set<String> streamedPaths;

    /** @param streamedPaths paths that bound their bodies themselves */
    BodyFilter(long maxBytes, Set<String> streamedPaths) {
        this.maxBytes = maxBytes;
        this.streamedPaths = streamedPaths;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        ServerHttpRequest request = exchange.getRequest();
        ProblemException fault = PassedOnBody.isIn(exchange) ? null : findFault(request);
        return fault == null
                ? chain.filter(exchange)
                : RefusedBody.readToItsEnd(request).then(Mono.error(fault));
    }

    private @Nullable ProblemException findFault(ServerHttpRequest request) {
        HttpHeaders headers = request.getHeaders();
        String encoding = headers.getFirst(HttpHeaders.CONTENT_ENCODING);
        if (encoding != null && !encoding.toLowerCase(Locale.ROOT).equals("identity")) {
            return ProblemException.ofField(
                    ProblemType.UNSUPPORTED_MEDIA_TYPE,
                    HttpHeaders.CONTENT_ENCODING,
                    "Send the body without compression.");
        }
        if (headers.getContentLength() > maxBytes && !isStreamed(request)) {
            return ProblemException.ofField(
                            ProblemType.TOO_LARGE, "body", "Send at most " + maxBytes + " bytes, or several requests.")
                    .withHeader(HttpHeaders.CONNECTION, "close");
        }
        return null;
    }

    private boolean isStreamed(ServerHttpRequest request) {
        return streamedPaths.contains(request.getPath().pathWithinApplication().value());
    }

    @Override
    public int getOrder() {
        return FilterOrder.BODY;
    }
}
