package dev.sluice.platform.web;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import reactor.netty.NettyPipeline;

/**
 * Closes a connection whose request was answered before its body was whole in two steps (RFC 9112, section 9.6): first our side,
 * then, when the client has closed its own or after a while, the rest; what still comes in between is thrown away. Closed at
 * once, what was not read yet would make a reset of it, and the client, still sending, would never see the answer.
 */
final class LingeringClose extends ChannelDuplexHandler {

    /** In this time a client notices the answer, or has sent what it must send before it looks. Less than it may fall silent. */
    private static final Duration MOST = Duration.ofSeconds(4);

    private boolean bodyOpen;
    private boolean answered;
    private boolean lingering;

    private LingeringClose() {}

    static void on(Channel channel) {
        if (channel.pipeline().get(NettyPipeline.HttpTrafficHandler) != null) {
            channel.pipeline()
                    .addBefore(NettyPipeline.HttpTrafficHandler, "sluice.lingeringClose", new LingeringClose());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (lingering) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof HttpRequest) {
            bodyOpen = true;
            answered = false;
        }
        if (message instanceof LastHttpContent) {
            bodyOpen = false;
        }
        super.channelRead(context, message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) throws Exception {
        if (lingering) {
            context.read();
            return;
        }
        super.channelReadComplete(context);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
        if (message instanceof HttpResponse answer && answer.status().codeClass() != HttpStatusClass.INFORMATIONAL) {
            answered = true;
        }
        super.write(context, message, promise);
    }

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) throws Exception {
        Channel channel = context.channel();
        if (lingering || !bodyOpen || !answered || !channel.isActive() || !(channel instanceof DuplexChannel duplex)) {
            super.close(context, promise);
            return;
        }
        lingering = true;
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        ChannelFuture _ = tls == null ? duplex.shutdownOutput() : tls.closeOutbound();
        ScheduledFuture<?> _ = context.executor()
                .schedule(() -> closeAtLast(context, promise), MOST.toMillis(), TimeUnit.MILLISECONDS);
        context.read();
    }

    private static void closeAtLast(ChannelHandlerContext context, ChannelPromise promise) {
        ChannelFuture _ = context.close(promise);
    }
}
