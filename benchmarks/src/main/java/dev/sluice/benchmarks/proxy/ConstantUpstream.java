package dev.sluice.benchmarks.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServer;

/** An upstream that gives the same 228 bytes of JSON to every request. */
final class ConstantUpstream {

    private static final int BYTES = 228;

    private ConstantUpstream() {}

    /** The argument is the port. */
    public static void main(String[] arguments) {
        ByteBuf body = Unpooled.unreleasableBuffer(Unpooled.directBuffer(BYTES)
                .writeBytes(("{\"readings\":[" + "1234567890,".repeat(BYTES))
                        .substring(0, BYTES - 2)
                        .concat("]}")
                        .getBytes(StandardCharsets.US_ASCII)));
        HttpServer.create()
                .host("127.0.0.1")
                .port(Integer.parseInt(arguments[0]))
                .handle((request, response) -> response.header("Content-Type", "application/json")
                        .header("Content-Length", Integer.toString(BYTES))
                        .sendObject(Mono.just(body.duplicate())))
                .bindNow()
                .onDispose()
                .block();
    }
}
