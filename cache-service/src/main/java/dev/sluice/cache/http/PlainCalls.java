package dev.sluice.cache.http;

import dev.sluice.platform.web.express.Express;
import dev.sluice.platform.web.express.PlainRequests;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Reads of entries, one by one and in batches, puts and purges on the short way: led to the controllers by their path alone, and the answers
 * written as they are. What looks in any way special goes through WebFlux; the answers are the same.
 */
final class PlainCalls implements WebHandler {

    private static final String NAMESPACES = "/api/v1/cache/namespaces/";
    private static final String KEYS = "/keys/";

    private static final String BATCH = "/batch/get";
    private static final String ANY = "*/*";

    private final CacheController controller;
    private final BatchController batches;
    private final PurgeController purges;

    PlainCalls(CacheController controller, BatchController batches, PurgeController purges) {
        this.controller = controller;
        this.batches = batches;
        this.purges = purges;
    }

    static boolean contain(HttpServerRequest request) {
        boolean ours = HttpMethod.POST.equals(request.method())
                ? isPost(request)
                : (HttpMethod.GET.equals(request.method()) || HttpMethod.PUT.equals(request.method()))
                        && Target.parse(request.uri()) != null;
        return ours && PlainRequests.contain(request);
    }

    private static boolean isPost(HttpServerRequest request) {
        return (request.uri().equals(PurgeController.PURGE) || batchOf(request.uri()) != null)
                && isJson(request.requestHeaders());
    }

    /** The namespace, or nothing for what is no batch of reads. */
    private static @Nullable String batchOf(String target) {
        if (!target.startsWith(NAMESPACES) || !target.endsWith(BATCH)) {
            return null;
        }
        int end = target.length() - BATCH.length();
        return end > NAMESPACES.length() && target.indexOf('/', NAMESPACES.length()) == end && target.indexOf('?') < 0
                ? target.substring(NAMESPACES.length(), end)
                : null;
    }

    /** It is sent and may be answered; of anything else WebFlux decides. */
    private static boolean isJson(io.netty.handler.codec.http.HttpHeaders headers) {
        List<String> accepted = headers.getAll(HttpHeaderNames.ACCEPT);
        return MediaType.APPLICATION_JSON_VALUE.equals(headers.get(HttpHeaderNames.CONTENT_TYPE))
                && (accepted.isEmpty()
                        || (accepted.size() == 1
                                && (ANY.equals(accepted.getFirst())
                                        || MediaType.APPLICATION_JSON_VALUE.equals(accepted.getFirst()))));
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange) {
        String path = exchange.getRequest().getPath().value();
        org.springframework.http.HttpMethod method = exchange.getRequest().getMethod();
        if (method.equals(org.springframework.http.HttpMethod.POST)) {
            return post(path, exchange);
        }
        Target target = Target.parse(path);
        if (target == null) {
            throw notPlain();
        }
        Express.noteMatch(CacheController.ENTRY, exchange);
        Mono<? extends ResponseEntity<?>> answer = method.equals(org.springframework.http.HttpMethod.PUT)
                ? controller.put(target.namespace, target.key, exchange)
                : controller.get(target.namespace, target.key, exchange);
        return answer.flatMap(known -> write(known, exchange.getResponse()));
    }

    private Mono<Void> post(String path, ServerWebExchange exchange) {
        if (path.equals(PurgeController.PURGE)) {
            Express.noteMatch(PurgeController.PURGE, exchange);
            return purges.answered(exchange)
                    .flatMap(done -> writeJson(done.answer(), exchange.getResponse())
                            // Also when its asker is gone: it has been done.
                            .doFinally(ignored -> done.noted().run()));
        }
        String batch = batchOf(path);
        if (batch == null) {
            throw notPlain();
        }
        Express.noteMatch(BatchController.READS, exchange);
        return batches.get(batch, exchange).flatMap(answer -> writeJson(answer, exchange.getResponse()));
    }

    private static IllegalArgumentException notPlain() {
        return new IllegalArgumentException("a request that does not go the short way");
    }

    private static Mono<Void> writeJson(ResponseEntity<byte[]> answer, ServerHttpResponse response) {
        response.getHeaders().setContentType(MediaType.APPLICATION_JSON);
        return write(answer, response);
    }

    private static Mono<Void> write(ResponseEntity<?> answer, ServerHttpResponse response) {
        response.setStatusCode(answer.getStatusCode());
        response.getHeaders().putAll(answer.getHeaders());
        if (!(answer.getBody() instanceof byte[] body)) {
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
