package dev.sluice.gateway.connection;

import dev.sluice.gateway.connection.UpstreamConnection.Pace;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/**
 * The body of an answer as it comes in, for one reader, who owns the pieces. What nobody has asked for yet is kept; when
 * that is much, the upstream is not read from until it is less. Used on the event loop of its connection.
 */
final class AnswerBody extends Flux<ByteBuf> implements Subscription {

    /** As much as may stand in line: with that, a reader that is as fast as the upstream never waits. */
    private static final int HIGH_BYTES = 64 * 1024;

    private final RunningCall call;
    private final UpstreamConnection connection;
    private final Deque<ByteBuf> kept = new ArrayDeque<>(2);
    private @Nullable CoreSubscriber<? super ByteBuf> reader;
    private long keptBytes;
    private long wanted;
    private boolean held;
    private boolean complete;
    private boolean ended;
    private boolean draining;
    private @Nullable Throwable failure;

    AnswerBody(RunningCall call, UpstreamConnection connection) {
        this.call = call;
        this.connection = connection;
    }

    @Override
    public void subscribe(CoreSubscriber<? super ByteBuf> subscriber) {
        if (reader != null) {
            Operators.error(subscriber, new IllegalStateException("the body can be read once"));
            return;
        }
        reader = subscriber;
        subscriber.onSubscribe(this);
        call.onLoop(this::drain);
    }

    @Override
    public void request(long count) {
        call.onLoop(() -> {
            wanted = Operators.addCap(wanted, count);
            drain();
        });
    }

    @Override
    public void cancel() {
        call.onLoop(this::discard);
    }

    void add(ByteBuf piece) {
        if (ended) {
            piece.release();
            return;
        }
        kept.addLast(piece);
        keptBytes += piece.readableBytes();
        drain();
        if (!held && keptBytes >= HIGH_BYTES && !ended) {
            held = true;
            connection.read(Pace.HELD);
        }
    }

    /** The connection will be free for the next request: its pace is not this answer's any more. */
    void readOn() {
        goOn();
    }

    /** All that there is of it has been added. */
    void complete() {
        complete = true;
        drain();
    }

    /** What has arrived is given to the reader before it learns of the failure. */
    void fail(Throwable cause) {
        complete = true;
        failure = cause;
        drain();
    }

    /** Nobody reads any more. */
    void discard() {
        ended = true;
        for (ByteBuf piece = kept.pollFirst(); piece != null; piece = kept.pollFirst()) {
            piece.release();
        }
        goOn();
    }

    private void drain() {
        CoreSubscriber<? super ByteBuf> to = reader;
        if (to == null || draining) {
            return;
        }
        draining = true;
        while (wanted > 0 && !ended && !kept.isEmpty()) {
            ByteBuf piece = kept.removeFirst();
            keptBytes -= piece.readableBytes();
            if (wanted != Long.MAX_VALUE) {
                wanted--;
            }
            to.onNext(piece);
        }
        draining = false;
        if (keptBytes < HIGH_BYTES) {
            goOn();
        }
        if (complete && !ended && kept.isEmpty()) {
            ended = true;
            Throwable cause = failure;
            if (cause == null) {
                to.onComplete();
            } else {
                to.onError(cause);
            }
        }
    }

    private void goOn() {
        if (held) {
            held = false;
            connection.read(Pace.ON);
        }
    }
}
