package dev.sluice.gateway.schemaregistry;

import dev.sluice.gateway.schemaregistry.RegistryViews.ErrorBody;
import dev.sluice.platform.web.StrictJson;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.ErrorResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Answers what the registry refuses in the registry's own shape, which its clients read, and not as a problem. */
final class RefusalFilter implements WebFilter {

    private final StrictJson json;

    RefusalFilter(StrictJson json) {
        this.json = json;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        return chain.filter(exchange)
                .onErrorMap(
                        failure -> isNotAcceptable(failure) && isOfRegistry(exchange),
                        failure -> RegistryException.notAcceptable())
                .onErrorResume(RegistryException.class, refusal -> write(exchange.getResponse(), refusal));
    }

    private static boolean isNotAcceptable(Throwable failure) {
        return failure instanceof ErrorResponse answer
                && answer.getStatusCode().value() == HttpStatus.NOT_ACCEPTABLE.value();
    }

    private static boolean isOfRegistry(ServerWebExchange exchange) {
        return exchange.getRequest().getPath().pathWithinApplication().value().startsWith("/schema-registry");
    }

    private Mono<Void> write(ServerHttpResponse response, RegistryException refusal) {
        response.setStatusCode(HttpStatusCode.valueOf(refusal.status()));
        HttpHeaders headers = response.getHeaders();
        headers.setContentType(SchemaRegistryController.REGISTRY_JSON);
        if (refusal.code() == 405) {
            headers.set(HttpHeaders.ALLOW, "GET,HEAD");
        }
        byte[] body = json.write(new ErrorBody(refusal.code(), refusal.message()));
        headers.setContentLength(body.length);
        DataBuffer buffer = response.bufferFactory().wrap(body);
        return response.writeWith(Mono.just(buffer));
    }
}
