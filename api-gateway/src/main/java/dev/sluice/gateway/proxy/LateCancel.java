package dev.sluice.gateway.proxy;

import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Frames whose reader is allowed to leave only later. Reactor Netty closes a WebSocket without a code as soon as nobody
 * reads it any more; when the reader leaves because the other side has closed, that side's code must come first.
 */
final class LateCancel extends Flux<WebSocketFrame> {

    private final Publisher<WebSocketFrame> source;
    private final Mono<Void> allowed;

    /** @param allowed completes when a cancellation may be passed on */
    LateCancel(Publisher<WebSocketFrame> source, Mono<Void> allowed) {
        this.source = source;
        this.allowed = allowed;
    }

    @Override
    public void subscribe(CoreSubscriber<? super WebSocketFrame> reader) {
        source.subscribe(new Shield(reader, allowed));
    }

    private static final class Shield implements CoreSubscriber<WebSocketFrame>, Subscription {

        private final CoreSubscriber<? super WebSocketFrame> reader;
        private final Mono<Void> allowed;
        private volatile boolean cancelled;
        private @Nullable Subscription subscription;

        Shield(CoreSubscriber<? super WebSocketFrame> reader, Mono<Void> allowed) {
            this.reader = reader;
            this.allowed = allowed;
        }

        @Override
        public void onSubscribe(Subscription source) {
            subscription = source;
            reader.onSubscribe(this);
        }

        /** The source releases the frame after this; the reader has retained it for itself. */
        @Override
        public void onNext(WebSocketFrame frame) {
            if (!cancelled) {
                reader.onNext(frame.retain());
            }
        }

        @Override
        public void onError(Throwable failure) {
            if (!cancelled) {
                reader.onError(failure);
            }
        }

        @Override
        public void onComplete() {
            if (!cancelled) {
                reader.onComplete();
            }
        }

        @Override
        public void request(long count) {
            Subscription current = subscription;
            if (current != null && !cancelled) {
                current.request(count);
            }
        }

        @Override
        public void cancel() {
            Subscription current = subscription;
            if (current != null && !cancelled) {
                cancelled = true;
                allowed.subscribe(null, failure -> current.cancel(), current::cancel);
            }
        }
    }
}
