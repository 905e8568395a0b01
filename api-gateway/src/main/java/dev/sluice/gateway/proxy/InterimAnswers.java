package dev.sluice.gateway.proxy;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

/**
 * Takes interim answers (1xx) out of an upstream's connection. Reactor Netty knows 100 alone, takes any other for the
 * final answer, and would give the final one to whoever has the connection next. Each connection has one of its own.
 */
final class InterimAnswers extends ChannelInboundHandlerAdapter {

    /** More is a flood. */
    private static final int MOST = 16;

    private static final int SWITCHING_PROTOCOLS = 101;

    private boolean interim;
    private int seen;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (message instanceof HttpResponse answer && isInterim(answer)) {
            interim = !(message instanceof LastHttpContent);
            ReferenceCountUtil.release(message);
            take(context);
            return;
        }
        if (interim && message instanceof LastHttpContent) {
            interim = false;
            ReferenceCountUtil.release(message);
            context.read();
            return;
        }
        if (message instanceof HttpResponse) {
            seen = 0;
        }
        super.channelRead(context, message);
    }

    private static boolean isInterim(HttpResponse answer) {
        return answer.decoderResult().isSuccess()
                && answer.status().codeClass() == HttpStatusClass.INFORMATIONAL
                && answer.status().code() != SWITCHING_PROTOCOLS;
    }

    private void take(ChannelHandlerContext context) {
        seen++;
        if (seen > MOST) {
            context.fireExceptionCaught(new DecoderException("too many interim answers"));
            ChannelFuture ignored = context.close();
            return;
        }
        context.read();
    }
}
