package dev.sluice.platform.web.egress;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Finds out whether an HTTP/2 connection is dead. A request over HTTP/1.1 that has no answer takes its connection with it; here
 * it is one stream of many, and requests would go on being sent to nobody for as long as the connection may live. So when requests wait and nothing
 * was heard for a while, it asks by a PING; when nothing is heard for as long again, the connection ends. So does one that the server
 * has gone away from and left open.
 */
final class Http2Pulse extends IdleStateHandler {

    private static final long PING = 0x736c75696365L;

    private boolean asked;
    /** Whether a request was begun since something was heard; it may have been given up meanwhile. */
    private boolean begun;

    Http2Pulse(Duration silence) {
        super(silence.toNanos(), 0, 0, TimeUnit.NANOSECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        asked = false;
        begun = false;
        super.channelRead(context, message);
    }

    /** A request is begun. */
    void begin() {
        begun = true;
    }

    @Override
    protected void channelIdle(ChannelHandlerContext context, IdleStateEvent event) {
        Http2FrameCodec codec = context.pipeline().get(Http2FrameCodec.class);
        if (codec == null) {
            return;
        }
        boolean used = codec.connection().numActiveStreams() > 0;
        boolean over = !used && codec.connection().goAwayReceived();
        if (over || asked) {
            // Of one that is over the pool only forgets.
            var _ = context.close();
            return;
        }
        if (!used && !begun) {
            return;
        }
        asked = true;
        var _ = context.pipeline().context(Http2MultiplexHandler.class).writeAndFlush(new DefaultHttp2PingFrame(PING));
    }
}
