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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** An answer that is complete while its request is still being written, and while it is still passed on. */
class EarlyAnswerTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private final Sinks.Many<ByteBuf> request = Sinks.many().unicast().onBackpressureBuffer();
    private final List<String> received = new ArrayList<>();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final UpstreamConnection connection;

    EarlyAnswerTest() {
        ConnectionTerms terms = new ConnectionTerms(
                InetSocketAddress.createUnresolved("upstream.test", 80), false, 1, 1, LONG, LONG, LONG, 8_192);
        LoopConnections home = new LoopConnections(new TargetConnections(terms, ClientTransport.create()), channel);
        AnswerDecoder decoder = new AnswerDecoder(new HttpDecoderConfig());
        connection = new UpstreamConnection(home, decoder);
        channel.pipeline().addLast(new HttpRequestEncoder(), decoder, connection);
        new RunningCall(home, new Upload(), new BaseSubscriber<Void>() {}).lend(connection);
    }

    private void arrives(String text) {
        channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
    }

    private void endRequest() {
        request.tryEmitComplete().orThrow();
        channel.runPendingTasks();
    }

    @Test
    void leavesItsConnectionToOthersOnceTheRequestIsWritten() {
        arrives("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        endRequest();
        assertThat(received).containsExactly("ok");
        assertThat(connection.isAlive()).isTrue();
    }

    @Test
    void isNotFollowedByAnotherThatNobodyAskedFor() {
        arrives("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        arrives("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nmore");
        assertThat(received).containsExactly("ok");
        endRequest();
        assertThat(connection.isAlive()).isFalse();
    }

    private final class Upload implements Exchange {

        @Override
        public HttpRequest head() {
            return new DefaultHttpRequest(
                    HttpVersion.HTTP_1_1,
                    HttpMethod.PUT,
                    "/",
                    new DefaultHttpHeaders().set("Transfer-Encoding", "chunked"));
        }

        @Override
        public Publisher<ByteBuf> body() {
            return request.asFlux();
        }

        @Override
        public Publisher<Void> relay(HttpResponse head, Flux<ByteBuf> body) {
            return body.doOnNext(bytes -> {
                        received.add(bytes.toString(StandardCharsets.US_ASCII));
                        bytes.release();
                    })
                    .then(Mono.never());
        }
    }
}
