package dev.sluice.platform.web.egress;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;

/** Tells of one HTTP/2 request that the server refused it, rather than that it was cut off. */
final class RefusalGuard extends ChannelInboundHandlerAdapter {

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (isRefusal(event)) {
            context.fireExceptionCaught(new UnprocessedRequestException());
        }
        super.userEventTriggered(context, event);
    }

    /** A server that goes away tells those streams of it that are behind the last one that it will look at. */
    private static boolean isRefusal(Object event) {
        return switch (event) {
            case Http2ResetFrame reset -> reset.errorCode() == Http2Error.REFUSED_STREAM.code();
            case Http2GoAwayFrame _ -> true;
            default -> false;
        };
    }
}
