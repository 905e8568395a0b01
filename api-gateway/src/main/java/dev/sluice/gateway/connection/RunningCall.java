package dev.sluice.gateway.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * One exchange while it goes on: a connection is waited for, the request is written, the answer read and passed on. What it
 * tells its reader is the outcome of passing on, or of what came before that. Used on its event loop but for {@link #cancel}.
 */
final class RunningCall extends Borrower implements Subscription {

    private final LoopConnections connections;
    private final Exchange exchange;
    private final CoreSubscriber<? super Void> reader;
    private final Context context;
    private @Nullable UpstreamConnection connection;
    private @Nullable RequestWriter writer;
    private @Nullable HttpResponse head;
    private @Nullable AnswerBody body;
    private @Nullable Subscription relaying;
    private boolean heard;
    private boolean repeated;
    private boolean relayed;
    private boolean written;
    private boolean read;
    private boolean over;

    RunningCall(LoopConnections connections, Exchange exchange, CoreSubscriber<? super Void> reader) {
        this.connections = connections;
        this.exchange = exchange;
        this.reader = reader;
        this.context = reader.currentContext();
    }

    void onLoop(Runnable task) {
        EventLoop loop = connections.loop();
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }

    void begin() {
        if (!over) {
            connections.acquire(this);
        }
    }

    @Override
    boolean hasLeft() {
        return over;
    }

    @Override
    void refuse(Throwable reason) {
        failed(reason);
    }

    @Override
    void lend(UpstreamConnection lent) {
        connection = lent;
        lent.begin(this);
        try {
            send(lent);
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    private void send(UpstreamConnection to) {
        HttpRequest request = exchange.head();
        Publisher<ByteBuf> pieces = exchange.body();
        if (pieces == null) {
            written = true;
            to.write(new DefaultFullHttpRequest(
                    request.protocolVersion(),
                    request.method(),
                    request.uri(),
                    Unpooled.EMPTY_BUFFER,
                    request.headers(),
                    EmptyHttpHeaders.INSTANCE));
            to.flush();
            return;
        }
        to.write(request);
        RequestWriter writing = new RequestWriter(this, to);
        writer = writing;
        pieces.subscribe(writing);
        // A body that is there already leaves with its head.
        writing.flushHead();
    }

    Context context() {
        return context;
    }

    /** The whole request is on its way. */
    void sent() {
        written = true;
        endIfComplete();
    }

    void asked() {
        heard = true;
        exchange.asked();
    }

    void interim(HttpResponse answer) {
        heard = true;
        exchange.interim(answer);
    }

    void answered(HttpResponse answer) {
        UpstreamConnection from = connection;
        if (from != null && head == null) {
            heard = true;
            head = answer;
            body = new AnswerBody(this, from);
        }
    }

    /** A piece of the body, which is the callee's from now on. */
    void received(ByteBuf bytes) {
        AnswerBody receiving = body;
        if (receiving == null) {
            bytes.release();
        } else {
            receiving.add(bytes);
        }
    }

    /** The end of the answer. */
    void received(HttpHeaders trailers) {
        AnswerBody receiving = body;
        if (receiving == null) {
            return;
        }
        if (!trailers.isEmpty()) {
            exchange.trailers(trailers);
        }
        read = true;
        receiving.readOn();
        // First the connection: whoever gets the answer may ask for it next, and closes one that it finds in use.
        endIfComplete();
        receiving.complete();
        relay();
    }

    /** Nothing more is here for now: what came first is passed on, as whole as it is. */
    void paused() {
        if (head != null) {
            relay();
        }
    }

    void writable() {
        RequestWriter writing = writer;
        if (writing != null) {
            writing.goOn();
        }
    }

    void failed(Throwable cause) {
        failed(cause, cause instanceof IOException && isStale());
    }

    /** What came is no answer. On a kept connection it may be the rest of an earlier one. */
    void garbled(Throwable cause) {
        failed(cause, isStale());
    }

    private void failed(Throwable cause, boolean stale) {
        leave();
        if (stale) {
            repeated = true;
            connections.acquireNew(this);
            return;
        }
        AnswerBody receiving = body;
        if (relayed && receiving != null) {
            receiving.fail(cause);
        } else if (!over) {
            over = true;
            discard();
            reader.onError(cause);
        }
    }

    /** Whether what a kept connection was still good for was over while the request was on its way. Once is enough: the next one is new. */
    private boolean isStale() {
        UpstreamConnection used = connection;
        return used != null && used.isKept() && !heard && !over && !repeated && exchange.isRepeatable();
    }

    /** The request's body broke: nobody waits for an answer to it. */
    void unsendable(Throwable cause) {
        Subscription passing = relaying;
        if (passing != null) {
            passing.cancel();
        }
        finish(cause);
    }

    private void relay() {
        HttpResponse answer = head;
        AnswerBody receiving = body;
        if (relayed || over || answer == null || receiving == null) {
            return;
        }
        relayed = true;
        Publisher<Void> passing;
        try {
            passing = exchange.relay(answer, receiving);
        } catch (RuntimeException e) {
            finish(e);
            return;
        }
        passing.subscribe(new Relaying());
    }

    private void endIfComplete() {
        UpstreamConnection used = connection;
        if (read && written && used != null) {
            connection = null;
            used.end();
        }
    }

    /** The answer was passed on, or could not be. */
    private void finish(@Nullable Throwable failure) {
        if (over) {
            return;
        }
        over = true;
        leave();
        discard();
        if (failure == null) {
            reader.onComplete();
        } else {
            reader.onError(failure);
        }
    }

    /** What is still on its way, up or down, is of no use any more. */
    private void leave() {
        RequestWriter writing = writer;
        if (writing != null) {
            writing.stop();
        }
        UpstreamConnection used = connection;
        connection = null;
        if (used != null) {
            used.close();
        }
    }

    private void discard() {
        AnswerBody receiving = body;
        if (receiving != null) {
            receiving.discard();
        }
    }

    @Override
    public void request(long count) {
        // There is nothing to ask for but the end.
    }

    @Override
    public void cancel() {
        onLoop(() -> {
            if (over) {
                return;
            }
            over = true;
            connections.forget(this);
            Subscription passing = relaying;
            if (passing != null) {
                passing.cancel();
            }
            leave();
            discard();
        });
    }

    /** Waits for the answer to be passed on. */
    private final class Relaying implements CoreSubscriber<Void> {

        @Override
        public Context currentContext() {
            return context();
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            if (over) {
                subscription.cancel();
                return;
            }
            relaying = subscription;
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Void nothing) {
            // There is none.
        }

        @Override
        public void onError(Throwable failure) {
            if (over) {
                Operators.onErrorDropped(failure, context());
                return;
            }
            onLoop(() -> finish(failure));
        }

        @Override
        public void onComplete() {
            onLoop(() -> finish(null));
        }
    }
}
