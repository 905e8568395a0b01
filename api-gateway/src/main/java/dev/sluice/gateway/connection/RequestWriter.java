package dev.sluice.gateway.connection;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.util.context.Context;

/** Writes a request's body piece by piece, each when the one before has found room. */
final class RequestWriter implements CoreSubscriber<ByteBuf> {

    private final RunningCall call;
    private final UpstreamConnection connection;
    private @Nullable Subscription source;
    private boolean flushed;
    private boolean waits;
    private boolean stopped;

    RequestWriter(RunningCall call, UpstreamConnection connection) {
        this.call = call;
        this.connection = connection;
    }

    @Override
    public Context currentContext() {
        return call.context();
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        source = subscription;
        if (stopped) {
            subscription.cancel();
        } else {
            subscription.request(1);
        }
    }

    @Override
    public void onNext(ByteBuf piece) {
        call.onLoop(() -> write(piece));
    }

    private void write(ByteBuf piece) {
        if (stopped) {
            piece.release();
            return;
        }
        flushed = true;
        connection.write(new DefaultHttpContent(piece));
        connection.flush();
        waits = true;
        goOn();
    }

    /** Asks for the next piece once there is room for it. */
    void goOn() {
        Subscription asked = source;
        if (waits && !stopped && asked != null && connection.isWritable()) {
            waits = false;
            asked.request(1);
        }
    }

    @Override
    public void onError(Throwable failure) {
        call.onLoop(() -> {
            if (!stopped) {
                call.unsendable(failure);
            }
        });
    }

    @Override
    public void onComplete() {
        call.onLoop(() -> {
            if (!stopped) {
                stopped = true;
                flushed = true;
                connection.write(LastHttpContent.EMPTY_LAST_CONTENT);
                connection.flush();
                call.sent();
            }
        });
    }

    void flushHead() {
        if (!flushed && !stopped) {
            flushed = true;
            connection.flush();
        }
    }

    void stop() {
        if (!stopped) {
            stopped = true;
            Subscription asked = source;
            if (asked != null) {
                asked.cancel();
            }
        }
    }
}
