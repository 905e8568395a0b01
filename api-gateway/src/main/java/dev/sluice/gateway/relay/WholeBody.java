package dev.sluice.gateway.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/** A body in one piece, once all of it is there; nothing when it is empty. It owns the pieces that it gets. */
final class WholeBody extends Mono<ByteBuf> {

    private final Publisher<ByteBuf> pieces;

    WholeBody(Publisher<ByteBuf> pieces) {
        this.pieces = pieces;
    }

    @Override
    public void subscribe(CoreSubscriber<? super ByteBuf> reader) {
        pieces.subscribe(new Gatherer(reader));
    }

    private static final class Gatherer implements CoreSubscriber<ByteBuf>, Subscription {

        private final CoreSubscriber<? super ByteBuf> reader;
        private final List<ByteBuf> gathered = new ArrayList<>(1);
        private @Nullable Subscription source;
        private boolean ended;

        Gatherer(CoreSubscriber<? super ByteBuf> reader) {
            this.reader = reader;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            source = subscription;
            reader.onSubscribe(this);
        }

        @Override
        public void onNext(ByteBuf piece) {
            synchronized (this) {
                if (!ended) {
                    gathered.add(piece);
                    return;
                }
            }
            piece.release();
        }

        @Override
        public void onError(Throwable failure) {
            if (end()) {
                gathered.forEach(ByteBuf::release);
                reader.onError(failure);
            }
        }

        @Override
        public void onComplete() {
            if (!end()) {
                return;
            }
            if (gathered.size() == 1) {
                reader.onNext(gathered.getFirst());
            } else if (!gathered.isEmpty()) {
                reader.onNext(Unpooled.wrappedBuffer(gathered.toArray(ByteBuf[]::new)));
            }
            reader.onComplete();
        }

        @Override
        public void request(long count) {
            Subscription current = source;
            if (current != null) {
                current.request(Long.MAX_VALUE);
            }
        }

        @Override
        public void cancel() {
            Subscription current = source;
            if (current != null && end()) {
                current.cancel();
                gathered.forEach(ByteBuf::release);
            }
        }

        private synchronized boolean end() {
            boolean first = !ended;
            ended = true;
            return first;
        }
    }
}
