package dev.sluice.platform.web.express;

import java.util.List;
import org.reactivestreams.Publisher;
import org.springframework.context.ApplicationContext;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import org.springframework.web.server.WebHandler;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Leads requests through the filters that WebFlux would lead them through, in the same order, without what WebFlux does in
 * between. Thread-safe.
 */
final class ExpressLane {

    private final ApplicationContext context;
    private final RequestMeters meters;
    private final ExpressErrors errors;
    private final WebFilterChain filters;
    private final HttpHandler handler;

    ExpressLane(
            ApplicationContext context,
            RequestMeters meters,
            ExpressErrors errors,
            List<WebFilter> filters,
            WebHandler last,
            List<HttpHandlerDecoratorFactory> decorators) {
        this.context = context;
        this.meters = meters;
        this.errors = errors;
        this.filters = ExpressChain.of(filters, last);
        HttpHandler decorated = this::handle;
        for (HttpHandlerDecoratorFactory decorator : decorators) {
            decorated = decorator.apply(decorated);
        }
        this.handler = decorated;
    }

    Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        NettyDataBufferFactory buffers = new NettyDataBufferFactory(response.alloc());
        return handler.handle(new ExpressRequest(request, buffers), new ExpressResponse(response, buffers));
    }

    private Mono<Void> handle(ServerHttpRequest request, ServerHttpResponse response) {
        ServerWebExchange exchange = new ExpressExchange(request, response, context);
        RequestMeters.Sample sample = meters.begin(exchange);
        return filter(exchange)
                .onErrorResume(error -> errors.answer(exchange, error))
                .then(Mono.defer(() -> response.isCommitted() ? Mono.empty() : response.setComplete()))
                .doFinally(sample::end);
    }

    private Mono<Void> filter(ServerWebExchange exchange) {
        try {
            return filters.filter(exchange);
        } catch (RuntimeException e) {
            return Mono.error(e);
        }
    }
}
