package dev.sluice.gateway.connection;

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
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.transport.AddressUtils;

/** Many requests on several event loops and few connections: none is too many, and none is lost. */
class TargetConnectionsIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int LOOPS = 4;
    private static final String PASSWORD = "changeit";

    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger mostAsked = new AtomicInteger();
    private final Sinks.Empty<Void> stuck = Sinks.empty();
    private final DisposableServer server = server(HttpServer.create());
    private final MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(LOOPS, NioIoHandler.newFactory());
    private final List<Channel> callers = callers();

    private DisposableServer server(HttpServer plain) {
        return plain.host("127.0.0.1")
                .port(0)
                .doOnChannelInit((observer, channel, remote) -> opened.incrementAndGet())
                .doOnConnection(connection -> {
                    open.incrementAndGet();
                    connection.onDispose(open::decrementAndGet);
                })
                .route(routes -> routes.get("/stuck", (request, response) -> stuck.asMono())
                        .get(
                                "/pieces",
                                (request, response) -> response.sendString(
                                        Flux.just("/pie", "ces").delayElements(Duration.ofMillis(1))))
                        .get("/{name}", (request, response) -> {
                            mostAsked.accumulateAndGet(asked.incrementAndGet(), Math::max);
                            return Mono.delay(Duration.ofMillis(1))
                                    .doOnTerminate(asked::decrementAndGet)
                                    .thenMany(response.sendString(Mono.just(request.uri())));
                        }))
                .bindNow();
    }

    @AfterEach
    void stop() {
        callers.forEach(caller -> caller.close().syncUninterruptibly());
        server.disposeNow();
        Future<?> _ = loops.shutdownGracefully();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void neverAsksMoreAtATimeThanItMay(long seed) {
        Random random = new Random(seed);
        int most = 1 + random.nextInt(6);
        TargetConnections connections = connections(most, 1_000, PATIENCE, PATIENCE);
        assertServed(connections, random, 0);
        // What the upstream sees: it answers before the connection is lent again.
        assertThat(mostAsked.get()).isLessThanOrEqualTo(most);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void losesNoPlaceWhenCallersLeave(long seed) {
        Random random = new Random(seed);
        TargetConnections connections = connections(1 + random.nextInt(6), 1_000, PATIENCE, PATIENCE);
        assertServed(connections, random, 0.2);
        for (Channel caller : callers) {
            assertThat(new Call(connections, caller, "/last").ended.join()).isEqualTo("/last");
        }
        connections.dispose();
        await().atMost(PATIENCE).until(() -> open.get() == 0);
    }

    /** The end of such an answer comes when all before it has been passed on. */
    @Test
    void keepsTheConnectionOfAnAnswerThatComesInPieces() {
        TargetConnections connections = connections(1, 1_000, PATIENCE, PATIENCE);
        for (int i = 0; i < 10; i++) {
            assertThat(new Call(connections, callers.getFirst(), "/pieces").ended.join())
                    .isEqualTo("/pieces");
        }
        assertThat(opened).hasValue(1);
    }

    private void assertServed(TargetConnections connections, Random random, double leaving) {
        List<Call> staying = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            Call call = new Call(connections, callers.get(random.nextInt(LOOPS)), "/" + i);
            if (random.nextDouble() < leaving) {
                call.subscription.dispose();
            } else {
                staying.add(call);
            }
        }
        for (Call call : staying) {
            assertThat(call.ended.join()).isEqualTo(call.path);
        }
    }

    @Test
    void tellsWhoWaitsTooLongAndWhoMayNotEvenWait() {
        TargetConnections connections = connections(1, 1, Duration.ofMillis(200), PATIENCE);
        Call first = new Call(connections, callers.getFirst(), "/stuck");
        await().atMost(PATIENCE).until(() -> open.get() == 1);
        Call second = new Call(connections, callers.getLast(), "/late");
        Call third = new Call(connections, callers.getLast(), "/never");
        assertThat(third.failure()).isInstanceOf(RejectedExecutionException.class);
        assertThat(second.failure()).isInstanceOf(TimeoutException.class);
        stuck.tryEmitEmpty();
        assertThat(first.ended.join()).isEmpty();
        assertThat(new Call(connections, callers.getLast(), "/next").ended.join())
                .isEqualTo("/next");
        connections.dispose();
    }

    @Test
    void closesWhatNobodyUses() {
        TargetConnections connections = connections(10, 1, PATIENCE, Duration.ofMillis(100));
        assertThat(new Call(connections, callers.getFirst(), "/a").ended.join()).isEqualTo("/a");
        await().atMost(PATIENCE).until(() -> open.get() == 0);
        assertThat(new Call(connections, callers.getFirst(), "/b").ended.join()).isEqualTo("/b");
        connections.dispose();
    }

    @Test
    void speaksTlsWithWhomItTrusts(@TempDir Path folder) throws Exception {
        KeyStore keys = selfSigned(folder.resolve("keys.p12"));
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, PASSWORD.toCharArray());
        SslContext serving = SslContextBuilder.forServer(own).build();
        DisposableServer secure = server(HttpServer.create().secure(spec -> spec.sslContext(serving)));
        try {
            X509Certificate certificate = (X509Certificate) keys.getCertificate("upstream");
            ClientTransport trusting = ClientTransport.trusting(
                    SslContextBuilder.forClient().trustManager(certificate).build());
            TargetConnections known = new TargetConnections(terms(secure.port(), true), trusting);
            assertThat(new Call(known, callers.getFirst(), "/a").ended.join()).isEqualTo("/a");
            TargetConnections unknown = new TargetConnections(terms(secure.port(), true), ClientTransport.create());
            assertThat(new Call(unknown, callers.getFirst(), "/a").failure()).isInstanceOf(SSLException.class);
            known.dispose();
            unknown.dispose();
        } finally {
            secure.disposeNow();
        }
    }

    private static KeyStore selfSigned(Path file) throws Exception {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "upstream",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=upstream",
                        "-ext",
                        "SAN=IP:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        file.toString())
                .inheritIO()
                .start();
        assertThat(keytool.waitFor()).isZero();
        return KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
    }

    private TargetConnections connections(int most, int mostWaiting, Duration waiting, Duration idle) {
        return new TargetConnections(
                terms(server.port(), false, most, mostWaiting, waiting, idle), ClientTransport.create());
    }

    private static ConnectionTerms terms(int port, boolean secure) {
        return terms(port, secure, 1, 1, PATIENCE, PATIENCE);
    }

    private static ConnectionTerms terms(
            int port, boolean secure, int most, int mostWaiting, Duration waiting, Duration idle) {
        return new ConnectionTerms(
                AddressUtils.createUnresolved("127.0.0.1", port),
                secure,
                most,
                mostWaiting,
                waiting,
                idle,
                PATIENCE,
                8_192);
    }

    private List<Channel> callers() {
        List<Channel> made = new ArrayList<>();
        for (int i = 0; i < LOOPS; i++) {
            made.add(new Bootstrap()
                    .group(loops.next())
                    .channel(NioSocketChannel.class)
                    .handler(new ChannelInboundHandlerAdapter())
                    .register()
                    .syncUninterruptibly()
                    .channel());
        }
        return made;
    }

    /** One request, and what came of it. */
    private static final class Call implements Exchange {

        private final String path;
        private final CompletableFuture<String> ended = new CompletableFuture<>();
        private final Queue pieces = new Queue();
        private final Disposable subscription;

        Call(TargetConnections connections, Channel caller, String path) {
            this.path = path;
            this.subscription = connections
                    .call(caller, this)
                    .subscribe(nothing -> {}, ended::completeExceptionally, () -> ended.complete(pieces.text()));
        }

        Throwable failure() {
            return ended.handle((text, failure) -> failure == null ? new AssertionError(text) : failure)
                    .join();
        }

        @Override
        public HttpRequest head() {
            return new DefaultHttpRequest(
                    HttpVersion.HTTP_1_1, HttpMethod.GET, path, new DefaultHttpHeaders().set("Host", "a"));
        }

        @Override
        public @Nullable Publisher<ByteBuf> body() {
            return null;
        }

        @Override
        public Publisher<Void> relay(HttpResponse head, Flux<ByteBuf> body) {
            return body.doOnNext(pieces::add).then();
        }
    }

    /** The texts of pieces, which it releases. */
    private static final class Queue {

        private final ConcurrentLinkedQueue<String> texts = new ConcurrentLinkedQueue<>();

        void add(ByteBuf piece) {
            texts.add(piece.toString(StandardCharsets.UTF_8));
            piece.release();
        }

        String text() {
            return String.join("", texts);
        }
    }
}
