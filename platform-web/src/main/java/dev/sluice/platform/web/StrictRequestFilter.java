package dev.sluice.platform.web;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.AbstractServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/** Refuses requests that two HTTP implementations could read differently, before anything else looks at them. */
final class StrictRequestFilter implements WebFilter, Ordered {

    private static final Set<HttpMethod> METHODS = Set.of(
            HttpMethod.GET,
            HttpMethod.HEAD,
            HttpMethod.POST,
            HttpMethod.PUT,
            HttpMethod.PATCH,
            HttpMethod.DELETE,
            HttpMethod.OPTIONS);

    private final Set<HttpMethod> more;

    /** @param more methods that are let in besides the usual ones */
    StrictRequestFilter(Set<HttpMethod> more) {
        this.more = more;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        ProblemException fault = findFault(exchange.getRequest());
        return fault == null ? chain.filter(exchange) : Mono.error(fault);
    }

    private @Nullable ProblemException findFault(ServerHttpRequest request) {
        if (!METHODS.contains(request.getMethod()) && !more.contains(request.getMethod())) {
            return new ProblemException(
                            ProblemType.METHOD_NOT_ALLOWED, "Use GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS.")
                    .withField("method")
                    .withHeader("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
        }
        HttpServerRequest raw = ((AbstractServerHttpRequest) request).getNativeRequest();
        if (raw.version().majorVersion() < 1 || raw.version().majorVersion() > 2) {
            return new ProblemException(ProblemType.VERSION_NOT_SUPPORTED, "Use HTTP/1.1 or HTTP/2.");
        }
        ProblemException fault = faultOfTarget(raw.uri());
        if (fault != null) {
            return fault;
        }
        return faultOfHeaders(request.getHeaders(), raw);
    }

    private static @Nullable ProblemException faultOfTarget(String target) {
        if (!target.startsWith("/")) {
            return new ProblemException(
                    ProblemType.INVALID_PATH, "Send the path alone as request target, and the host in Host.");
        }
        // RFC 3986 knows ASCII only, and no fragment is ever sent; whoever passes it on would cut or encode it.
        if (hasForeignCharacter(target)) {
            return ProblemException.ofField(
                    ProblemType.INVALID_PATH, "path", "Percent-encode #, spaces and all that is not ASCII.");
        }
        int query = target.indexOf('?');
        Optional<String> fault = StrictPath.findFault(query < 0 ? target : target.substring(0, query));
        return fault.map(detail -> ProblemException.ofField(ProblemType.INVALID_PATH, "path", detail))
                .orElse(null);
    }

    private static boolean hasForeignCharacter(String target) {
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c <= ' ' || c > '~' || c == '#') {
                return true;
            }
        }
        return false;
    }

    private static @Nullable ProblemException faultOfHeaders(HttpHeaders headers, HttpServerRequest raw) {
        if (headers.getOrEmpty(HttpHeaders.HOST).size() != 1 && raw.version().minorVersion() > 0) {
            return header(ProblemType.INVALID_HEADER, HttpHeaders.HOST, "Send exactly one Host header.");
        }
        List<String> coding = headers.getOrEmpty(HttpHeaders.TRANSFER_ENCODING);
        if (!coding.isEmpty() && (coding.size() > 1 || !coding.getFirst().equalsIgnoreCase("chunked"))) {
            // Where this request ends, whoever stands before us may have seen differently.
            return header(
                            ProblemType.INVALID_HEADER,
                            HttpHeaders.TRANSFER_ENCODING,
                            "Send no transfer coding but chunked.")
                    .withHeader(HttpHeaders.CONNECTION, "close");
        }
        String expect = headers.getFirst(HttpHeaders.EXPECT);
        if (expect != null && !expect.equalsIgnoreCase("100-continue")) {
            return header(ProblemType.EXPECTATION_FAILED, HttpHeaders.EXPECT, "Expect nothing but 100-continue.");
        }
        return null;
    }

    private static ProblemException header(ProblemType type, String name, String detail) {
        return ProblemException.ofField(type, name, detail);
    }

    @Override
    public int getOrder() {
        return FilterOrder.STRICT_REQUEST;
    }
}
