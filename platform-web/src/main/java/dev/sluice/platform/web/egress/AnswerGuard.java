package dev.sluice.platform.web.egress;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

/**
 * Lets one final answer pass for each request. Interim answers (RFC 9110, section 15.2) are passed over, so many at most; an answer that nobody asked
 * for, one by another protocol, and a status that is none end the connection.
 */
final class AnswerGuard extends ChannelDuplexHandler {

    /** A receiver that works on it says so now and then. */
    private static final int MAX_INTERIM = 20;

    private static final int SWITCHING_PROTOCOLS = 101;
    private static final int MAX_STATUS = 999;

    private boolean asked;
    private boolean interim;
    private int interims;

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
        if (message instanceof HttpRequest) {
            asked = true;
            interims = 0;
        }
        super.write(context, message, promise);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (message instanceof HttpResponse response && response.decoderResult().isSuccess()) {
            String fault = fault(response.status().code());
            if (!fault.isEmpty()) {
                ReferenceCountUtil.release(message);
                end(context, fault);
                return;
            }
            interim = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
            asked = interim;
        }
        if (interim) {
            interim = !(message instanceof LastHttpContent);
            ReferenceCountUtil.release(message);
            context.read();
            return;
        }
        super.channelRead(context, message);
    }

    /** What is wrong with an answer that begins so; empty when it may pass. */
    private String fault(int status) {
        if (!asked) {
            return "an answer that nobody asked for";
        }
        if (status == SWITCHING_PROTOCOLS) {
            return "another protocol that nobody asked for";
        }
        if (status < 100 || status > MAX_STATUS) {
            return "a status that is none";
        }
        return status < 200 && ++interims > MAX_INTERIM ? "too many interim answers" : "";
    }

    private static void end(ChannelHandlerContext context, String fault) {
        context.fireExceptionCaught(new DecoderException(fault));
        ChannelFuture ignored = context.close();
    }
}
