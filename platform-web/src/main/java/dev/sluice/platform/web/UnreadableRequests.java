package dev.sluice.platform.web;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import java.util.UUID;
import org.springframework.http.MediaType;
import org.springframework.util.unit.DataSize;
import reactor.netty.NettyPipeline;

/**
 * Says what is wrong with a request that could not be read at all: Reactor Netty answers it by itself, with a status and no
 * word, before anything that could explain it. Its answer goes on as a problem with the same status and headers.
 */
@Sharable
final class UnreadableRequests extends ChannelOutboundHandlerAdapter {

    private final DataSize maxRequestLine;
    private final DataSize maxHeaders;

    UnreadableRequests(DataSize maxRequestLine, DataSize maxHeaders) {
        this.maxRequestLine = maxRequestLine;
        this.maxHeaders = maxHeaders;
    }

    static void explain(Channel channel, UnreadableRequests explaining) {
        if (channel.pipeline().get(NettyPipeline.HttpTrafficHandler) != null) {
            channel.pipeline().addBefore(NettyPipeline.HttpTrafficHandler, "sluice.unreadableRequests", explaining);
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
        boolean isWordless = message instanceof FullHttpResponse answer
                && !answer.content().isReadable()
                && BrokenRequests.wereSeenOn(context.channel());
        super.write(context, isWordless ? explained((FullHttpResponse) message) : message, promise);
    }

    private FullHttpResponse explained(FullHttpResponse wordless) {
        int status = wordless.status().code();
        if (status < 400) {
            return wordless;
        }
        String requestId = UUID.randomUUID().toString().replace("-", "");
        byte[] body = ProblemWriter.bytes(problem(status), requestId);
        FullHttpResponse answer = wordless.replace(Unpooled.wrappedBuffer(body));
        wordless.release();
        answer.headers()
                .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
                .set(HttpHeaderNames.CONTENT_TYPE, MediaType.APPLICATION_PROBLEM_JSON_VALUE)
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set("X-Request-Id", requestId);
        SecurityHeadersFilter.HEADERS.forEach(answer.headers()::set);
        return answer;
    }

    private ProblemException problem(int status) {
        return switch (status) {
            case 414 ->
                ProblemException.ofField(
                        ProblemType.URI_TOO_LONG,
                        "url",
                        "Send a request line of at most " + maxRequestLine.toBytes()
                                + " bytes, method and version included; an escaped byte counts as three. Send what is long in a"
                                + " body, as the batch endpoints take it.");
            case 431 ->
                ProblemException.ofField(
                        ProblemType.HEADERS_TOO_LARGE,
                        "headers",
                        "Send at most " + maxHeaders.toBytes() + " bytes of headers in all.");
            default ->
                ProblemException.ofField(
                        ProblemType.INVALID_REQUEST,
                        "request",
                        "The request cannot be read: send a request line, headers and a body as HTTP/1.1 (RFC 9112) has them.");
        };
    }
}
