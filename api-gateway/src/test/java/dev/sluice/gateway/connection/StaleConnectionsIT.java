package dev.sluice.gateway.connection;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.Future;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.transport.AddressUtils;

/**
 * An upstream that closes a connection just when it is asked something, as one does that has waited long enough for a request, or that sends
 * more than it says.
 */
class StaleConnectionsIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String FURTHER = "no line";
    private static final String HINTS = "HTTP/1.1 103 Early Hints\r\n\r\n";

    /** What becomes of the requests that come, over all connections; after nothing, or what is no whole answer, the connection is closed. */
    private final Queue<String> answers = new ConcurrentLinkedQueue<>();

    private final AtomicInteger connections = new AtomicInteger();
    private volatile @Nullable Socket latest;
    private volatile boolean ended;
    private final ServerSocket upstream = upstream();
    private final MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Channel caller = new Bootstrap()
            .group(loops.next())
            .channel(NioSocketChannel.class)
            .handler(new ChannelInboundHandlerAdapter())
            .register()
            .syncUninterruptibly()
            .channel();
    private final TargetConnections target = new TargetConnections(
            new ConnectionTerms(
                    AddressUtils.createUnresolved("127.0.0.1", upstream.getLocalPort()),
                    false,
                    1,
                    1,
                    PATIENCE,
                    PATIENCE,
                    PATIENCE,
                    8_192),
            ClientTransport.create());

    @AfterEach
    void stop() throws IOException {
        target.dispose();
        caller.close().syncUninterruptibly();
        upstream.close();
        Future<?> _ = loops.shutdownGracefully();
    }

    @Test
    void whatMayBeRepeatedIsSentOnceMoreOnANewConnection() {
        answers.addAll(List.of(OK, "", OK));
        assertThat(outcomeOf(true)).isEqualTo("ok");
        assertThat(outcomeOf(true)).isEqualTo("ok");
        assertThat(connections).hasValue(2);
    }

    @Test
    void itIsSentOnceMoreOnly() {
        answers.addAll(List.of(OK, "", "", OK));
        assertThat(outcomeOf(true)).isEqualTo("ok");
        assertThat(outcomeOf(true)).isEqualTo("failed");
        assertThat(answers).hasSize(1);
    }

    /** Where others wait for the only place there may be no new one for it: then it gets one that they have used. */
    @Test
    void itIsSentOnceMoreOnlyAlsoOverOneThatOthersHaveUsed() {
        answers.addAll(List.of(OK, "", OK, "", OK));
        assertThat(outcomeOf(true)).isEqualTo("ok");
        CompletableFuture<String> first = new CompletableFuture<>();
        CompletableFuture<String> waiting = new CompletableFuture<>();
        caller.eventLoop().execute(() -> {
            outcome(true).subscribe(first::complete);
            outcome(true).subscribe(waiting::complete);
        });
        assertThat(waiting.orTimeout(2, TimeUnit.MINUTES).join()).isEqualTo("ok");
        assertThat(first.orTimeout(2, TimeUnit.MINUTES).join()).isEqualTo("failed");
        assertThat(answers).hasSize(1);
    }

    @Test
    void whatMayNotBeRepeatedIsSentOnce() {
        answers.addAll(List.of(OK, "", OK));
        assertThat(outcomeOf(false)).isEqualTo("ok");
        assertThat(outcomeOf(false)).isEqualTo("failed");
        assertThat(answers).hasSize(1);
    }

    /** Nobody has waited too long there: the upstream did not want this request. */
    @Test
    void onANewConnectionItIsSentOnce() {
        answers.addAll(List.of("", OK));
        assertThat(outcomeOf(true)).isEqualTo("failed");
        assertThat(answers).hasSize(1);
    }

    @Test
    void onceSomethingOfAnAnswerHasComeItIsNotSentAgain() {
        for (String begun : List.of(HINTS, "HTTP/1.1 100 Continue\r\n\r\n", OK.substring(0, OK.length() - 1))) {
            answers.clear();
            answers.addAll(List.of(OK, begun, OK));
            assertThat(outcomeOf(true)).isEqualTo("ok");
            assertThat(outcomeOf(true)).as(begun).isEqualTo("failed");
            assertThat(answers).as(begun).hasSize(1);
        }
    }

    /** What is behind an answer is nobody's, least of all that of the next who asks. */
    @Test
    void aConnectionWithMoreThanTheAnswerIsNotUsedAgain() {
        answers.addAll(List.of(OK + FURTHER, OK));
        assertThat(outcomeOf(false)).isEqualTo("ok");
        assertThat(outcomeOf(false)).isEqualTo("ok");
        assertThat(connections).hasValue(2);
    }

    @Test
    void norByWhoWaitsForIt() {
        answers.addAll(List.of(OK + FURTHER, OK));
        CompletableFuture<String> first = new CompletableFuture<>();
        CompletableFuture<String> waiting = new CompletableFuture<>();
        caller.eventLoop().execute(() -> {
            outcome(false).subscribe(first::complete);
            outcome(false).subscribe(waiting::complete);
        });
        assertThat(first.orTimeout(2, TimeUnit.MINUTES).join()).isEqualTo("ok");
        assertThat(waiting.orTimeout(2, TimeUnit.MINUTES).join()).isEqualTo("ok");
        assertThat(connections).hasValue(2);
    }

    @Test
    void moreThanTheAnswerEndsAConnectionThatNobodyUses() throws IOException {
        answers.addAll(List.of(OK, OK));
        assertThat(outcomeOf(false)).isEqualTo("ok");
        Socket kept = requireNonNull(latest);
        kept.getOutputStream().write(FURTHER.getBytes(StandardCharsets.US_ASCII));
        await().atMost(PATIENCE).until(() -> ended);
        assertThat(outcomeOf(false)).isEqualTo("ok");
        assertThat(connections).hasValue(2);
    }

    @Test
    void whatComesInPlaceOfAnAnswerIsTakenForTheRestOfAnEarlierOne() {
        answers.addAll(List.of(OK, FURTHER + OK, OK));
        assertThat(outcomeOf(true)).isEqualTo("ok");
        assertThat(outcomeOf(true)).isEqualTo("ok");
        assertThat(connections).hasValue(2);
        answers.addAll(List.of(FURTHER + OK, OK));
        assertThat(outcomeOf(false)).isEqualTo("failed");
        assertThat(answers).hasSize(1);
    }

    private String outcomeOf(boolean repeatable) {
        return requireNonNull(outcome(repeatable).block(PATIENCE));
    }

    private Mono<String> outcome(boolean repeatable) {
        return Mono.from(target.call(caller, new Ask(repeatable)))
                .thenReturn("ok")
                .onErrorReturn("failed");
    }

    private ServerSocket upstream() {
        try {
            ServerSocket socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
            Thread.ofVirtual().start(() -> accept(socket));
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                Socket accepted = socket.accept();
                connections.incrementAndGet();
                latest = accepted;
                Thread.ofVirtual().start(() -> serve(accepted));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket accepted) {
        try (accepted;
                BufferedReader reader = new BufferedReader(
                        new InputStreamReader(accepted.getInputStream(), StandardCharsets.US_ASCII))) {
            String answer = OK;
            String line = reader.readLine();
            while (line != null) {
                if (line.isEmpty()) {
                    answer = answers.remove();
                    accepted.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                }
                line = answer.startsWith(OK) ? reader.readLine() : null;
            }
            ended = true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Ask(boolean isRepeatable) implements Exchange {

        @Override
        public HttpRequest head() {
            return new DefaultHttpRequest(
                    HttpVersion.HTTP_1_1, HttpMethod.GET, "/", new DefaultHttpHeaders().set("Host", "a"));
        }

        @Override
        public @Nullable Publisher<ByteBuf> body() {
            return null;
        }

        @Override
        public Publisher<Void> relay(HttpResponse head, Flux<ByteBuf> body) {
            return body.doOnNext(ByteBuf::release).then();
        }
    }
}
