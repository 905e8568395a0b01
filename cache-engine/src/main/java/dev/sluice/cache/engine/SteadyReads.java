package dev.sluice.cache.engine;

import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.flush.FlushConsolidationHandler;

/**
 * Keeps the connections of a Redis client reading. The driver stops reading a connection while the subscriber of an answer that
 * has not wholly come has not taken what came, and may miss the moment at which it should go on: then everybody who shares the
 * connection waits for ever. Answers are bounded here by what is asked for, so there is nothing to be held back.
 *
 * <p>On request, commands that are given together also leave together: the driver would hand each to the system by itself. Those that
 * are given while an answer is read leave when it is read.
 */
public final class SteadyReads implements NettyCustomizer {

    /** More than are given together are sent before the last of them is given. */
    private static final int TOGETHER = 256;

    private final boolean together;

    public SteadyReads() {
        this(false);
    }

    private SteadyReads(boolean together) {
        this.together = together;
    }

    /** For callers who give many commands at once. */
    public static SteadyReads sendingTogether() {
        return new SteadyReads(true);
    }

    @Override
    public void afterChannelInitialized(Channel channel) {
        if (together) {
            channel.pipeline().addFirst(new FlushConsolidationHandler(TOGETHER, true));
        }
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
