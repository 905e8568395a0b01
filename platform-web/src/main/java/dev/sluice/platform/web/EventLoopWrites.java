package dev.sluice.platform.web;

import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.PooledDataBuffer;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import reactor.core.Fuseable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
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

    /** As many as the process has event loops; they live as long as it does. */
    private final Map<EventLoop, Scheduler> schedulers = new ConcurrentHashMap<>();

    @Override
    public HttpHandler apply(HttpHandler handler) {
        return (request, response) -> {
            if (ServerHttpRequestDecorator.getNativeRequest(request) instanceof Connection connection) {
                Scheduler loop = schedulers.computeIfAbsent(connection.channel().eventLoop(), EventLoopScheduler::new);
                return handler.handle(request, new OnLoop(response, loop));
            }
            return handler.handle(request, response);
        };
    }

    private static final class OnLoop extends ServerHttpResponseDecorator {

        private final Scheduler loop;

        OnLoop(ServerHttpResponse response, Scheduler loop) {
            super(response);
            this.loop = loop;
        }

        /** What waits for the loop when the client leaves gives its memory back: a publisher's own hook is not asked then. */
        @Override
        public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
            return body instanceof Mono<? extends DataBuffer> one
                    ? super.writeWith(one.publishOn(loop).doOnDiscard(PooledDataBuffer.class, DataBufferUtils::release))
                    : super.writeWith(Flux.from(body)
                            .publishOn(loop, PREFETCH)
                            .doOnDiscard(PooledDataBuffer.class, DataBufferUtils::release));
        }

        /**
         * As a plain body: a group that waits is lost with its memory when the client leaves, and what stands in line for
         * the connection is flushed anyway as soon as nothing more comes.
         */
        @Override
        public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
            return writeWith(Flux.from(body)
                    .concatMap(group -> group, 0)
                    .doOnDiscard(Fuseable.ScalarCallable.class, OnLoop::release));
        }

        /** A group of one piece is the piece itself until somebody asks for it. */
        private static void release(Fuseable.ScalarCallable<?> group) {
            try {
                if (group.call() instanceof PooledDataBuffer piece) {
                    piece.release();
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public Mono<Void> setComplete() {
            return Mono.defer(super::setComplete).subscribeOn(loop);
        }
    }
}
