package dev.sluice.platform.web;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpObject;
import io.netty.util.AttributeKey;
import reactor.netty.NettyPipeline;

/**
 * Remembers of a connection that what came over it stopped being HTTP, as a body with a broken chunk does. Reactor Netty
 * refuses such a request, but ends its body as if it were whole: whoever passes it on would make it look complete.
 */
public final class BrokenRequests extends ChannelInboundHandlerAdapter {

    private static final AttributeKey<Boolean> SEEN = AttributeKey.valueOf(BrokenRequests.class, "seen");

    private BrokenRequests() {}

    /** Whether a request on this connection, the last one, broke. */
    public static boolean wereSeenOn(Channel channel) {
        return channel.hasAttr(SEEN);
    }

    static void watch(Channel channel) {
        if (channel.pipeline().get(NettyPipeline.HttpTrafficHandler) != null) {
            channel.pipeline()
                    .addBefore(NettyPipeline.HttpTrafficHandler, "sluice.brokenRequests", new BrokenRequests());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (message instanceof HttpObject part && part.decoderResult().isFailure()) {
            context.channel().attr(SEEN).set(true);
        }
        super.channelRead(context, message);
    }
}
