package dev.sluice.cache.engine;

import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Keeps the connections of a Redis client reading. The driver stops reading a connection while the subscriber of an answer that
 * has not wholly come has not taken what came, and may miss the moment at which it should go on: then everybody who shares the
 * connection waits for ever. Answers are bounded here by what is asked for, so there is nothing to be held back.
 */
public final class SteadyReads implements NettyCustomizer {

    @Override
    public void afterChannelInitialized(Channel channel) {
        channel.pipeline().addLast(new ReadOn());
    }

    @ChannelHandler.Sharable
    private static final class ReadOn extends ChannelInboundHandlerAdapter {

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.channel().config().setAutoRead(true);
            context.fireChannelReadComplete();
        }
    }
}
