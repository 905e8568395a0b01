package dev.sluice.gateway.proxy;

import dev.sluice.gateway.relay.EndToEndHeaders;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import reactor.netty.NettyPipeline;

/**
 * Hands interim answers of an upstream (RFC 9110, section 15.2), such as 103 Early Hints, on to its caller. They are written as
 * text past the server's codec, which takes each head for the answer to the next of the requests that it has read. Thread-safe.
 */
final class InterimRelay {

    private final ProxiedRequest request;

    InterimRelay(ProxiedRequest request) {
        this.request = request;
    }

    /** Before the answer itself; what comes later, or for a caller who knows of none, is dropped. */
    void pass(HttpResponse interim) {
        if (!request.caller().version().equals(HttpVersion.HTTP_1_1)) {
            return;
        }
        String head = headOf(interim);
        Channel caller = request.connection().channel();
        if (caller.eventLoop().inEventLoop()) {
            // At once: the answer itself may be in the same read.
            write(caller, head);
            return;
        }
        caller.eventLoop().execute(() -> write(caller, head));
    }

    private String headOf(HttpResponse interim) {
        HttpHeaders headers = new DefaultHttpHeaders();
        EndToEndHeaders.copyAnswer(interim.headers(), headers::add);
        headers.remove(HttpHeaderNames.CONTENT_LENGTH);
        UpstreamHeaders.edit(request.route().responseHeaders(), headers);
        StringBuilder head =
                new StringBuilder("HTTP/1.1 ").append(interim.status().codeAsText());
        head.append(' ').append(interim.status().reasonPhrase()).append("\r\n");
        headers.forEach(header -> head.append(header.getKey())
                .append(": ")
                .append(header.getValue())
                .append("\r\n"));
        return head.append("Via: ")
                .append(UpstreamHeaders.VIA)
                .append("\r\n\r\n")
                .toString();
    }

    private void write(Channel caller, String head) {
        ChannelHandlerContext codec = caller.pipeline().context(NettyPipeline.HttpCodec);
        if (request.rawAnswer().hasSentHeaders() || codec == null || !caller.isActive()) {
            return;
        }
        ByteBuf text = ByteBufUtil.encodeString(caller.alloc(), CharBuffer.wrap(head), StandardCharsets.ISO_8859_1);
        ChannelFuture ignored = codec.writeAndFlush(text);
    }
}
