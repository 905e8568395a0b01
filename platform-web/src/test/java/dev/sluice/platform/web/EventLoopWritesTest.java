package dev.sluice.platform.web;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** An answer whose client leaves gives back the memory of all that it did not get. */
class EventLoopWritesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PIECE_BYTES = 64 * 1024;

    /** How the pieces of an answer are handed to the server. */
    enum Way {
        ONE_BODY {
            @Override
            Mono<Void> write(ServerHttpResponse response, Flux<DataBuffer> pieces) {
                return response.writeWith(pieces);
            }
        },
        GROUPS {
            @Override
            Mono<Void> write(ServerHttpResponse response, Flux<DataBuffer> pieces) {
                return response.writeAndFlushWith(pieces.map(Mono::just));
            }
        };

        abstract Mono<Void> write(ServerHttpResponse response, Flux<DataBuffer> pieces);
    }

    private final Queue<ByteBuf> made = new ConcurrentLinkedQueue<>();
    private Way way = Way.ONE_BODY;
    private DisposableServer server;

    @BeforeEach
    void start() {
        server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle(new ReactorHttpHandlerAdapter(
                        new EventLoopWrites().apply((request, response) -> way.write(response, endless(response)))))
                .bindNow();
    }

    @AfterEach
    void stop() {
        server.disposeNow();
    }

    @ParameterizedTest
    @EnumSource
    void givesBackWhatAClientThatLeftDidNotGet(Way how) throws IOException {
        way = how;
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            client.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(US_ASCII));
            assertThat(client.getInputStream().readNBytes(15))
                    .asString(US_ASCII)
                    .isEqualTo("HTTP/1.1 200 OK");
            await("more is made than fits on its way").atMost(PATIENCE).until(() -> made.size() >= 130);
        }
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(made.stream().filter(piece -> piece.refCnt() > 0))
                        .isEmpty());
    }

    /** From another thread than the connection's, as most answers. */
    private Flux<DataBuffer> endless(ServerHttpResponse response) {
        NettyDataBufferFactory factory = (NettyDataBufferFactory) response.bufferFactory();
        return Flux.<DataBuffer>generate(sink -> {
                    ByteBuf piece = PooledByteBufAllocator.DEFAULT
                            .directBuffer(PIECE_BYTES)
                            .writeZero(PIECE_BYTES);
                    made.add(piece);
                    sink.next(factory.wrap(piece));
                })
                .subscribeOn(Schedulers.parallel());
    }
}
