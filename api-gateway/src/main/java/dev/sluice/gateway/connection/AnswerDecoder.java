package dev.sluice.gateway.connection;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.util.ReferenceCountUtil;

/**
 * Reads the answers of a connection. What an upstream sends behind an answer, because that was longer than it said, must not be taken for
 * the beginning of the next one, which is somebody else's. Used on its event loop.
 */
final class AnswerDecoder extends HttpResponseDecoder {

    private boolean toHead;
    /** Nobody has asked over a new connection either. */
    private boolean resting = true;

    AnswerDecoder(HttpDecoderConfig config) {
        super(config);
    }

    /** The next answer is one to a request of this method. */
    void expect(HttpMethod asked) {
        toHead = asked.equals(HttpMethod.HEAD);
        resting = false;
    }

    /** Until the next request, whatever comes ends the connection. False when something has come already. */
    boolean rest() {
        resting = true;
        return actualReadableBytes() == 0;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) throws Exception {
        if (resting) {
            ReferenceCountUtil.release(bytes);
            ChannelFuture _ = context.close();
        } else {
            super.channelRead(context, bytes);
        }
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage answer) {
        return toHead || super.isContentAlwaysEmpty(answer);
    }
}
