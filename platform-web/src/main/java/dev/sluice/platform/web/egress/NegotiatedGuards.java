package dev.sluice.platform.web.egress;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2StreamChannel;
import java.time.Duration;
import reactor.netty.NettyPipeline;

/**
 * Sets guards once it is agreed what is spoken over a connection: of HTTP/1.1 the one that is set on other connections too; of HTTP/2 those of
 * the connection here, and those of each request when that is begun.
 */
final class NegotiatedGuards extends ChannelInboundHandlerAdapter {

    static final String ANSWERS = "sluice.answers";
    private static final String BUDGET = "sluice.budget";
    private static final String PULSE = "sluice.pulse";
    private static final String REFUSALS = "sluice.refusals";

    private final Duration silence;
    private final Runnable older;

    /**
     * Guards for one connection.
     *
     * @param silence after which is asked whether anybody is there
     * @param older hears that the server speaks HTTP/1.1
     */
    NegotiatedGuards(Duration silence, Runnable older) {
        this.silence = silence;
        this.older = older;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        ChannelPipeline pipeline = context.pipeline();
        if (pipeline.get(Http2FrameCodec.class) == null) {
            pipeline.addBefore(NettyPipeline.ReactiveBridge, ANSWERS, new AnswerGuard());
            older.run();
        } else {
            pipeline.addBefore(NettyPipeline.HttpCodec, BUDGET, new Http2Budget());
            pipeline.addBefore(NettyPipeline.HttpCodec, PULSE, new Http2Pulse(silence));
        }
        pipeline.remove(this);
        context.fireChannelActive();
    }

    /** A request is begun over this channel. */
    static void begin(Channel channel) {
        if (!(channel instanceof Http2StreamChannel)) {
            return;
        }
        channel.pipeline()
                .addBefore(NettyPipeline.ReactiveBridge, ANSWERS, new AnswerGuard())
                .addBefore(NettyPipeline.ReactiveBridge, REFUSALS, new RefusalGuard());
        ChannelPipeline connection = channel.parent().pipeline();
        Http2Budget budget = connection.get(Http2Budget.class);
        Http2Pulse pulse = connection.get(Http2Pulse.class);
        if (budget != null && pulse != null) {
            budget.earn();
            pulse.begin();
        }
    }
}
