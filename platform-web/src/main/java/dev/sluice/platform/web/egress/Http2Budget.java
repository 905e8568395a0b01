package dev.sluice.platform.web.egress;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/**
 * Ends an HTTP/2 connection over which comes much more than was asked for, whatever it is: PING, SETTINGS, RST_STREAM, WINDOW_UPDATE and
 * PUSH_PROMISE cost their sender nothing and are no part of an answer, so no limit of answers holds them. Each request earns its connection
 * more bytes than an answer can have.
 */
final class Http2Budget extends ChannelInboundHandlerAdapter {

    /** For the opening of the connection, and what keeps it alive. */
    static final int AT_FIRST = 64 * 1024;
    /** A window of {@link EgressClients#WINDOW}, headers, interim answers. */
    static final int FOR_EACH_REQUEST = 128 * 1024;
    /** What was not used is of no more use than this. */
    static final int MOST = EgressClients.MAX_STREAMS * FOR_EACH_REQUEST;

    private int left = AT_FIRST;

    /** A request is begun. */
    void earn() {
        left = Math.min(left + FOR_EACH_REQUEST, MOST);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (message instanceof ByteBuf bytes) {
            left -= bytes.readableBytes();
            if (left < 0) {
                ReferenceCountUtil.release(message);
                var _ = context.close();
                return;
            }
        }
        super.channelRead(context, message);
    }
}
