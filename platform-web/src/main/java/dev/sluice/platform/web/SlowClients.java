package dev.sluice.platform.web;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.timeout.ReadTimeoutException;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;

/**
 * Ends connections on which no request comes, and requests whose bodies pause for too long or take too long. Reactor Netty's own timeouts put
 * a handler into the pipeline and a timer on the loop for each request, and take both away again; here one timer of the
 * connection looks from time to time. Runs on the event loop.
 */
final class SlowClients extends ChannelDuplexHandler {

    private static final int SWITCHING_PROTOCOLS = 101;

    private final long idleNanos;
    private final long readNanos;
    private final long requestNanos;

    /** Requests that came and have no whole answer yet. */
    private int open;
    /** Whether there is more to come of the last one. */
    private boolean reading;

    private boolean upgraded;
    private boolean over;
    /** When what is waited for now began, or last moved. */
    private long sinceNanos;

    /** When the last request began. */
    private long headNanos;

    private @Nullable Future<?> timer;

    /**
     * With how much patience.
     *
     * @param idle for the next request, from the end of the answer before it until its head is whole
     * @param read for the next piece of a body
     * @param request for the whole of a body
     */
    SlowClients(Duration idle, Duration read, Duration request) {
        this.idleNanos = idle.toNanos();
        this.readNanos = read.toNanos();
        this.requestNanos = request.toNanos();
    }

    static void watch(Channel channel, SlowClients watching) {
        if (channel.pipeline().get(NettyPipeline.HttpTrafficHandler) != null) {
            channel.pipeline().addBefore(NettyPipeline.HttpTrafficHandler, "sluice.slowClients", watching);
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        sinceNanos = now(context);
        lookIn(context, shortestNanos());
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        stop();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        stop();
        super.channelInactive(context);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (message instanceof HttpRequest) {
            open++;
            reading = true;
            headNanos = now(context);
        }
        if (message instanceof HttpContent) {
            reading &= !(message instanceof LastHttpContent);
        }
        sinceNanos = now(context);
        super.channelRead(context, message);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
        boolean isInterim = false;
        if (message instanceof HttpResponse answer) {
            upgraded |= answer.status().code() == SWITCHING_PROTOCOLS;
            isInterim = answer.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        }
        if (!isInterim && message instanceof LastHttpContent) {
            open = Math.max(0, open - 1);
            sinceNanos = now(context);
        }
        super.write(context, message, promise);
    }

    private static long now(ChannelHandlerContext context) {
        return context.executor().ticker().nanoTime();
    }

    private void lookIn(ChannelHandlerContext context, long nanos) {
        if (!over) {
            timer = context.executor().schedule(() -> look(context), nanos, TimeUnit.NANOSECONDS);
        }
    }

    /** Never later than the shortest patience after anything began, so nothing is found too late. */
    private void look(ChannelHandlerContext context) {
        if (over || upgraded) {
            return;
        }
        if (!hasAllOfItsAnswers(context)) {
            sinceNanos = now(context);
        }
        if (!isWaitedFor()) {
            lookIn(context, shortestNanos());
            return;
        }
        long left = leftNanos(now(context));
        if (left > 0) {
            lookIn(context, Math.min(left, shortestNanos()));
            return;
        }
        over = true;
        if (reading) {
            context.fireExceptionCaught(ReadTimeoutException.INSTANCE);
        }
        ChannelFuture _ = context.channel().close();
    }

    private long leftNanos(long now) {
        return reading
                ? Math.min(readNanos - (now - sinceNanos), requestNanos - (now - headNanos))
                : idleNanos - (now - sinceNanos);
    }

    private long shortestNanos() {
        return Math.min(idleNanos, Math.min(readNanos, requestNanos));
    }

    /** A long answer is on its way long after it was written. */
    private static boolean hasAllOfItsAnswers(ChannelHandlerContext context) {
        ChannelOutboundBuffer leaving = context.channel().unsafe().outboundBuffer();
        return leaving == null || leaving.isEmpty();
    }

    /** Whether it is the client's turn. A request that came ahead of its turn is not waited for yet. */
    private boolean isWaitedFor() {
        return open == 0 || (reading && open == 1);
    }

    private void stop() {
        over = true;
        Future<?> current = timer;
        if (current != null) {
            current.cancel(false);
        }
    }
}
