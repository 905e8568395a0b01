package dev.sluice.gateway.access;

import dev.sluice.platform.web.BrokenRequests;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.FileRegion;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AttributeKey;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;

/**
 * Follows every request of one connection to its end: below everything that may answer it, so that what is refused before
 * any filter runs, or breaks off after all of them, is seen too. A request is over when the last byte of its answer was
 * written, when its connection became a WebSocket, or when the connection ended. Runs on the event loop.
 */
final class TrailHandler extends ChannelDuplexHandler {

    /** As in nginx: the client left before its answer was whole. */
    static final int CLIENT_LEFT = 499;

    /** The gateway closed the connection before it had an answer, as when it stops and cannot wait any longer. */
    static final int GIVEN_UP = 503;

    private static final int BAD_REQUEST = 400;
    private static final int SWITCHING_PROTOCOLS = 101;

    static final AttributeKey<TrailHandler> SELF = AttributeKey.valueOf(TrailHandler.class, "self");

    private final TrailEnd end;
    /** Requests whose answer is not written yet, in their order: clients may send the next before it. */
    private final Deque<RequestTrail> open = new ArrayDeque<>(2);

    private @Nullable RequestTrail reading;
    private boolean closedByUs;
    private boolean upgraded;

    TrailHandler(TrailEnd end) {
        this.end = end;
    }

    static void watch(Channel channel, TrailEnd end) {
        if (channel.pipeline().get(NettyPipeline.HttpTrafficHandler) == null) {
            return;
        }
        TrailHandler handler = new TrailHandler(end);
        channel.pipeline().addBefore(NettyPipeline.HttpTrafficHandler, "sluice.trail", handler);
        channel.attr(SELF).set(handler);
    }

    /** The trail of the request that the connection is answering; none when it is not watched. */
    static @Nullable RequestTrail current(Channel channel) {
        TrailHandler handler = channel.attr(SELF).get();
        return handler == null ? null : handler.open.peekFirst();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (!upgraded) {
            if (message instanceof HttpRequest request) {
                reading = new RequestTrail(Methods.nameOf(request), System.nanoTime());
                open.addLast(reading);
            }
            if (reading != null) {
                reading.requestBytes += sizeOf(message);
            }
        }
        super.channelRead(context, message);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
        RequestTrail trail = upgraded ? null : open.peekFirst();
        if (trail == null) {
            super.write(context, message, promise);
            return;
        }
        if (message instanceof HttpResponse answer) {
            if (isInterim(answer)) {
                super.write(context, message, promise);
                return;
            }
            trail.status = answer.status().code();
            trail.headNanos = System.nanoTime();
            end.answering(trail, answer.headers());
            upgraded = trail.status == SWITCHING_PROTOCOLS;
        }
        trail.responseBytes += sizeOf(message);
        if (!upgraded && !(message instanceof LastHttpContent)) {
            super.write(context, message, promise);
            return;
        }
        open.removeFirst();
        ChannelPromise written = promise.unvoid();
        // A promise kept already would tell at once, and so would this.
        ChannelPromise _ = written.addListener(done -> finish(context.channel(), trail, done.isSuccess()));
        super.write(context, message, written);
    }

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) throws Exception {
        closedByUs = true;
        super.close(context, promise);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        for (RequestTrail trail = open.pollFirst(); trail != null; trail = open.pollFirst()) {
            finish(context.channel(), trail, false);
        }
        super.channelInactive(context);
    }

    private void finish(Channel channel, RequestTrail trail, boolean whole) {
        if (!trail.ended) {
            trail.ended = true;
            trail.status = whole ? trail.status : statusOfBroken(channel, trail);
            end.ended(trail);
        }
    }

    private int statusOfBroken(Channel channel, RequestTrail trail) {
        if (!closedByUs) {
            return CLIENT_LEFT;
        }
        if (trail.status != 0) {
            return trail.status;
        }
        return BrokenRequests.wereSeenOn(channel) ? BAD_REQUEST : GIVEN_UP;
    }

    private static boolean isInterim(HttpResponse answer) {
        return answer.status().codeClass() == HttpStatusClass.INFORMATIONAL
                && answer.status().code() != SWITCHING_PROTOCOLS;
    }

    private static long sizeOf(Object message) {
        return switch (message) {
            case ByteBufHolder holder -> holder.content().readableBytes();
            case ByteBuf bytes -> bytes.readableBytes();
            case FileRegion file -> file.count();
            default -> 0;
        };
    }

    /** Whom trails are told to. Must not block. */
    interface TrailEnd {

        /** The head of the answer is about to be written. */
        void answering(RequestTrail trail, HttpHeaders headers);

        /** Nothing more comes. */
        void ended(RequestTrail trail);
    }
}
