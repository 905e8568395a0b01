package dev.sluice.cache.http;

import dev.sluice.platform.web.express.Express;
import dev.sluice.platform.web.express.PlainRequests;
import io.netty.handler.codec.http.HttpMethod;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Reads of entries on the short way: led to the controller by their path alone, and its answers written as they are. What
 * looks in any way special goes through WebFlux; the answers are the same.
 */
final class PlainReads implements WebHandler {

    private static final String NAMESPACES = "/api/v1/cache/namespaces/";
    private static final String KEYS = "/keys/";

    private final CacheController controller;

    PlainReads(CacheController controller) {
        this.controller = controller;
    }

    static boolean contain(HttpServerRequest request) {
        return HttpMethod.GET.equals(request.method())
                && Target.parse(request.uri()) != null
                && PlainRequests.contain(request);
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange) {
        Target target = Target.parse(exchange.getRequest().getPath().value());
        if (target == null) {
            throw new IllegalArgumentException("a request that is no plain read");
        }
        Express.noteMatch(CacheController.ENTRY, exchange);
        return controller
                .get(target.namespace, target.key, exchange)
                .flatMap(answer -> write(answer, exchange.getResponse()));
    }

    private static Mono<Void> write(ResponseEntity<byte[]> answer, ServerHttpResponse response) {
        response.setStatusCode(answer.getStatusCode());
        response.getHeaders().putAll(answer.getHeaders());
        byte[] body = answer.getBody();
        if (body == null) {
            return response.setComplete();
        }
        response.getHeaders().set(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length));
        DataBuffer buffer = response.bufferFactory().wrap(body);
        return response.writeWith(Mono.just(buffer));
    }

    /** Where an entry lies, as {@link CacheController#ENTRY} finds it in a path without escapes. */
    record Target(String namespace, String key) {

        /** Nothing for any other target, and for one with a query. */
        static @Nullable Target parse(String target) {
            if (!target.startsWith(NAMESPACES)) {
                return null;
            }
            int end = target.indexOf('/', NAMESPACES.length());
            if (end <= NAMESPACES.length() || !target.startsWith(KEYS, end)) {
                return null;
            }
            int key = end + KEYS.length();
            return key < target.length() && target.indexOf('/', key) < 0 && target.indexOf('?', key) < 0
                    ? new Target(target.substring(NAMESPACES.length(), end), target.substring(key))
                    : null;
        }
    }
}
