package dev.sluice.platform.web;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;

/** Knows behind the decoder of a connection whether the next bytes are of a head or of a body. */
final class RequestParts extends ChannelInboundHandlerAdapter {

    private static final long CHUNKS = -1;

    private boolean isBody;

    /** What the body still lacks by its Content-Length, or {@link #CHUNKS}. */
    private long left;

    boolean isBody() {
        return isBody;
    }

    /** Whether the next bytes, that many, are of a body whose length is known. */
    boolean bodyHolds(int bytes) {
        return isBody && left >= bytes;
    }

    /** How many of the next bytes are of the body whose length is known. */
    int bodyLeft(int bytes) {
        return (int) Math.min(left, bytes);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (message instanceof HttpRequest request) {
            isBody = request.decoderResult().isSuccess();
            left = isBody && !HttpUtil.isTransferEncodingChunked(request)
                    ? HttpUtil.getContentLength(request, 0L)
                    : CHUNKS;
        }
        if (message instanceof HttpContent content) {
            left -= left == CHUNKS ? 0 : content.content().readableBytes();
        }
        if (message instanceof LastHttpContent) {
            isBody = false;
        }
        super.channelRead(context, message);
    }
}
