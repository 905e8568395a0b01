package dev.sluice.gateway.responsecache;

import dev.sluice.gateway.relay.RelayedAnswer;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** Sits between an upstream and the caller. Its methods are called in their order, anew for each attempt, on one thread. */
public interface AnswerTap {

    /** Lets everything pass as it is. */
    AnswerTap OPEN = new AnswerTap() {};

    /** Changes what an upstream is about to be asked. */
    default void request(HttpHeaders headers) {}

    /**
     * Sees the head of the answer, as the route has edited it.
     *
     * @param body for who takes the answer over, who then owns its pieces
     * @return what completes when the answer that was taken over is dealt with; null to let it pass
     */
    default @Nullable Publisher<Void> take(int status, HttpHeaders headers, Flux<ByteBuf> body) {
        return null;
    }

    /** Sees the body of an answer that passes, and what else the caller is told in headers. */
    default Flux<ByteBuf> pass(RelayedAnswer answer, Flux<ByteBuf> body) {
        return body;
    }
}
