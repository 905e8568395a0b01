package dev.sluice.platform.web;

import io.netty.channel.EventLoop;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;

/**
 * Writes every answer on the event loop of its connection, whichever thread found it. An answer that leaves on another
 * thread can reach the client, and the client's next request the server, before the server has noted the end of the
 * first one. Reactor Netty 1.3.7 then queues the next request and may never read that connection again
 * (reactor-netty#4361, fixed in 1.3.8).
 */
final class EventLoopWrites implements HttpHandlerDecoratorFactory {

    /** How many pieces of a body may wait for the loop; a slow client holds all of them in memory. */
    private static final int PREFETCH = 16;

    @Override
    public HttpHandler apply(HttpHandler handler) {
        return (request, response) -> {
            if (ServerHttpRequestDecorator.getNativeRequest(request) instanceof Connection connection) {
                Scheduler loop = schedulerOf(connection.channel().eventLoop());
                return handler.handle(request, new OnLoop(response, loop));
            }
            return handler.handle(request, response);
        };
    }

    /** Who is on the loop already goes on there without a detour. */
    private static Scheduler schedulerOf(EventLoop loop) {
        return Schedulers.fromExecutor(task -> {
            if (loop.inEventLoop()) {
                task.run();
                return;
            }
            loop.execute(task);
        });
    }

    private static final class OnLoop extends ServerHttpResponseDecorator {

        private final Scheduler loop;

        OnLoop(ServerHttpResponse response, Scheduler loop) {
            super(response);
            this.loop = loop;
        }

        @Override
        public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
            return body instanceof Mono<? extends DataBuffer> one
                    ? super.writeWith(one.publishOn(loop))
                    : super.writeWith(Flux.from(body).publishOn(loop, PREFETCH));
        }

        @Override
        public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
            return super.writeAndFlushWith(Flux.from(body).publishOn(loop, PREFETCH));
        }

        @Override
        public Mono<Void> setComplete() {
            return Mono.defer(super::setComplete).subscribeOn(loop);
        }
    }
}
