package dev.sluice.gateway.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One connection, for one exchange at a time. Used on its event loop. */
final class UpstreamConnection extends ChannelInboundHandlerAdapter {

    /** More interim answers are a flood. */
    private static final int MOST_INTERIM = 16;

    private static final int CONTINUE = 100;
    private static final int SWITCHING_PROTOCOLS = 101;

    private final LoopConnections home;
    private final AnswerDecoder decoder;
    private @Nullable ChannelHandlerContext context;
    private @Nullable RunningCall call;
    /** Of an interim answer, whose end is still to come. */
    private boolean interim;

    private int interimSeen;
    private boolean reusable = true;
    private boolean asked;
    private boolean answered;
    private int exchanges;
    private long restingSince;

    UpstreamConnection(LoopConnections home, AnswerDecoder decoder) {
        this.home = home;
        this.decoder = decoder;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    void begin(RunningCall next) {
        call = next;
        interimSeen = 0;
        asked = false;
        answered = false;
        reusable = true;
        exchanges++;
    }

    /** Whether it was used before: the upstream may close it at any moment. */
    boolean isKept() {
        return exchanges > 1;
    }

    /** What is written is released, also when it cannot be written; the call is told then. */
    void write(HttpObject message) {
        if (message instanceof HttpRequest request) {
            decoder.expect(request.method());
        }
        ChannelFuture _ = context().write(message).addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
    }

    void flush() {
        ChannelHandlerContext _ = context().flush();
    }

    boolean isWritable() {
        return context().channel().isWritable();
    }

    /** Lets the upstream go on, or makes it wait once what is on its way has arrived. */
    void read(Pace pace) {
        context().channel().config().setAutoRead(pace == Pace.ON);
    }

    /** Whether the upstream is read from. */
    enum Pace {
        ON,
        HELD
    }

    /** The exchange is over, the whole answer has been read and the whole request written. */
    void end() {
        call = null;
        if (decoder.rest() && reusable && isAlive()) {
            home.release(this);
        } else {
            close();
        }
    }

    /** Ends an exchange in its midst, about which nobody wants to hear any more, or a connection that nobody uses. */
    void close() {
        call = null;
        ChannelFuture _ = context().close();
    }

    boolean isAlive() {
        return context().channel().isActive();
    }

    void restSince(long nanos) {
        restingSince = nanos;
    }

    long restingSince() {
        return restingSince;
    }

    @Override
    public void channelRead(ChannelHandlerContext reading, Object message) {
        RunningCall current = call;
        if (current == null || answered) {
            // An answer that nobody asked for.
            ReferenceCountUtil.release(message);
            reusable = false;
            if (current == null) {
                close();
            }
            return;
        }
        if (!(message instanceof HttpObject part) || part.decoderResult().isFailure()) {
            Throwable cause =
                    message instanceof HttpObject part ? part.decoderResult().cause() : null;
            ReferenceCountUtil.release(message);
            close();
            current.garbled(cause == null ? new DecoderException("not HTTP") : cause);
            return;
        }
        if (message instanceof HttpResponse head) {
            interim = isInterim(head);
            if (interim) {
                take(head, current);
            } else {
                reusable = HttpUtil.isKeepAlive(head);
                current.answered(head);
            }
        }
        if (message instanceof HttpContent content) {
            take(content, current);
        }
    }

    private void take(HttpContent content, RunningCall current) {
        boolean isLast = content instanceof LastHttpContent;
        if (interim) {
            interim = !isLast;
            content.release();
            return;
        }
        ByteBuf bytes = content.content();
        if (bytes.isReadable()) {
            current.received(bytes);
        } else {
            content.release();
        }
        if (content instanceof LastHttpContent last) {
            answered = true;
            current.received(last.trailingHeaders());
        }
    }

    private static boolean isInterim(HttpResponse answer) {
        return answer.status().codeClass() == HttpStatusClass.INFORMATIONAL
                && answer.status().code() != SWITCHING_PROTOCOLS;
    }

    private void take(HttpResponse head, RunningCall current) {
        interimSeen++;
        if (interimSeen > MOST_INTERIM) {
            fail(new DecoderException("too many interim answers"));
        } else if (head.status().code() != CONTINUE) {
            current.interim(head);
        } else if (!asked) {
            asked = true;
            current.asked();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext reading) {
        RunningCall current = call;
        if (current != null) {
            current.paused();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext writing) {
        RunningCall current = call;
        if (current != null && isWritable()) {
            current.writable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext closed) {
        fail(new IOException("the connection ended"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext failed, Throwable cause) {
        fail(cause);
    }

    private void fail(Throwable cause) {
        RunningCall current = call;
        close();
        if (current != null) {
            current.failed(cause);
        }
    }

    private ChannelHandlerContext context() {
        ChannelHandlerContext known = context;
        if (known == null) {
            throw new IllegalStateException("the connection is not open yet");
        }
        return known;
    }
}
