package dev.sluice.gateway.connection;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** What is sent to an upstream, and what becomes of its answer. Called on the event loop of its connection. */
public interface Exchange {

    /** Request line and headers, as they are to be written. */
    HttpRequest head();

    /** The body, whose pieces belong to who writes them; null when there is none. */
    @Nullable
    Publisher<ByteBuf> body();

    /**
     * Whether it may be sent once more, on another connection, when one that was kept turns out to be closed before anything of an answer has come:
     * the upstream may have tired of waiting just when it was sent. Only what does no harm when it is done twice, and has no body.
     */
    default boolean isRepeatable() {
        return false;
    }

    /** The upstream asks for the body with a 100. */
    default void asked() {}

    /** The upstream says something before its answer, such as 103; nothing that is an answer. */
    default void interim(HttpResponse head) {}

    /**
     * Passes the answer on.
     *
     * @param body to be subscribed to once; its pieces belong to who gets them
     * @return what completes when the answer was passed on
     */
    Publisher<Void> relay(HttpResponse head, Flux<ByteBuf> body);

    /** What stood behind the answer's body, before the body completes; often nothing. */
    default void trailers(HttpHeaders trailers) {}
}
