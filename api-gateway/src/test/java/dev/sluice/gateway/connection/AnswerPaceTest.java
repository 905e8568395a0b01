package dev.sluice.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** How far an upstream is read ahead of a caller who does not read at all. */
class AnswerPaceTest {

    private static final int SOME = 70_000;
    private static final Duration LONG = Duration.ofMinutes(1);

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final UpstreamConnection connection;

    AnswerPaceTest() {
        ConnectionTerms terms = new ConnectionTerms(
                InetSocketAddress.createUnresolved("upstream.test", 80), false, 1, 1, LONG, LONG, LONG, 8_192);
        LoopConnections home = new LoopConnections(new TargetConnections(terms, ClientTransport.create()), channel);
        AnswerDecoder decoder = new AnswerDecoder(new HttpDecoderConfig());
        connection = new UpstreamConnection(home, decoder);
        channel.pipeline().addLast(new HttpRequestEncoder(), decoder, connection);
        RunningCall call = new RunningCall(home, new Unread(), new BaseSubscriber<Void>() {});
        call.lend(connection);
        channel.writeInbound(Unpooled.copiedBuffer(
                "HTTP/1.1 200 OK\r\nContent-Length: " + 2 * SOME + "\r\n\r\n", StandardCharsets.US_ASCII));
    }

    @Test
    void isHeldWhileMuchWaits() {
        channel.writeInbound(Unpooled.wrappedBuffer(new byte[100]));
        assertThat(channel.config().isAutoRead()).isTrue();
        channel.writeInbound(Unpooled.wrappedBuffer(new byte[SOME]));
        assertThat(channel.config().isAutoRead()).isFalse();
    }

    /** Whoever has the connection next would wait for ever. */
    @Test
    void isHeldNoMoreWhenTheConnectionIsFree() {
        channel.writeInbound(Unpooled.wrappedBuffer(new byte[SOME]));
        channel.writeInbound(Unpooled.wrappedBuffer(new byte[SOME]));
        assertThat(channel.config().isAutoRead()).isTrue();
        assertThat(connection.isAlive()).isTrue();
    }

    private static final class Unread implements Exchange {

        @Override
        public HttpRequest head() {
            return new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/", new DefaultHttpHeaders());
        }

        @Override
        public @Nullable Publisher<ByteBuf> body() {
            return null;
        }

        @Override
        public Publisher<Void> relay(HttpResponse head, Flux<ByteBuf> body) {
            return Mono.never();
        }
    }
}
