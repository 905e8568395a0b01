package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.relay.ScriptedUpstream;
import dev.sluice.gateway.relay.Wire;
import dev.sluice.gateway.route.RouteFixture;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.test.context.TestPropertySource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.http.websocket.WebsocketInbound;

/** A WebSocket passes the gateway with its frames, its subprotocol and its farewell. */
@ProxyTest
@TestPropertySource(
        properties = {
            "sluice.web.idle-timeout=1s",
            "sluice.web.read-timeout=1s",
            "sluice.web.request-timeout=1s",
            "sluice.gateway.proxy.max-frame=64KB",
        })
class WebSocketIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final AtomicReference<String> CLOSED_WITH = new AtomicReference<>("");
    private static final AtomicLong SENT = new AtomicLong();

    private static final DisposableServer UPSTREAM = HttpServer.create()
            .host("127.0.0.1")
            .port(0)
            .route(routes -> routes.ws(
                            "/ws/echo",
                            (in, out) -> remember(
                                    in, out.sendObject(in.receiveFrames().map(frame -> frame.retain()))),
                            WebsocketServerSpec.builder().protocols("v2,v1").build())
                    .ws(
                            "/ws/plain",
                            (in, out) -> out.sendObject(in.receiveFrames().map(frame -> frame.retain())))
                    .ws("/ws/leave", (in, out) -> out.sendClose(4001, "enough"))
                    .ws(
                            "/ws/flood",
                            (in, out) -> out.sendByteArray(Flux.<byte[]>generate(sink -> {
                                        SENT.incrementAndGet();
                                        sink.next(new byte[32 * 1024]);
                                    })
                                    .take(10_000)))
                    .ws("/ws/silent", (in, out) -> remember(in, Mono.never()))
                    .get(
                            "/ws/refuse",
                            (request, response) ->
                                    response.status(403).header("X-Why", "no").sendString(Mono.just("refused"))))
            .bindNow();

    @Value("${local.server.port}")
    private int port;

    @Autowired
    private RouteFixture routes;

    private static Mono<Void> remember(WebsocketInbound in, Publisher<Void> work) {
        in.receiveCloseStatus().subscribe(status -> CLOSED_WITH.set(status.code() + " " + status.reasonText()));
        return Mono.when(work);
    }

    @BeforeEach
    void reset() {
        CLOSED_WITH.set("");
        SENT.set(0);
        routes.set(RouteDraft.of("ws", "http://127.0.0.1:" + UPSTREAM.port()).route());
    }

    @AfterAll
    static void stop() {
        UPSTREAM.disposeNow();
    }

    @Test
    void passesFramesAndTheSubprotocolThatTheUpstreamChose() throws Exception {
        Listener listener = new Listener();
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .subprotocols("v3", "v1")
                .buildAsync(uri("echo"), listener)
                .get(10, TimeUnit.SECONDS);
        assertThat(socket.getSubprotocol()).isEqualTo("v1");
        socket.sendText("he", false).get();
        socket.sendText("llo", true).get();
        assertThat(listener.next()).isEqualTo("text he");
        assertThat(listener.next()).isEqualTo("text llo.");
        socket.sendBinary(ByteBuffer.wrap(new byte[60_000]), true).get();
        assertThat(listener.nextMatching("binary")).startsWith("binary");
        socket.sendPing(ByteBuffer.wrap(new byte[] {1, 2})).get();
        assertThat(listener.nextMatching("pong")).isEqualTo("pong 2");
        socket.sendClose(4002, "bye").get();
        await().atMost(PATIENCE).until(() -> "4002 bye".equals(CLOSED_WITH.get()));
    }

    @Test
    void staysOpenBeyondTheTimeoutsOfPlainRequests() throws Exception {
        Listener listener = new Listener();
        WebSocket socket = open("plain", listener);
        assertThat(new CountDownLatch(1).await(2500, TimeUnit.MILLISECONDS)).isFalse();
        socket.sendText("still", true).get();
        assertThat(listener.next()).isEqualTo("text still.");
        socket.abort();
    }

    @Test
    void tellsTheCallerHowTheUpstreamClosed() throws Exception {
        Listener listener = new Listener();
        open("leave", listener);
        assertThat(listener.nextMatching("close")).isEqualTo("close 4001 enough");
    }

    @Test
    void tellsTheUpstreamThatTheCallerWentAway() throws Exception {
        Listener listener = new Listener();
        WebSocket socket = open("silent", listener);
        socket.abort();
        await().atMost(PATIENCE).until(() -> CLOSED_WITH.get().startsWith("1001"));
    }

    @Test
    void closesWhatFallsSilent() throws Exception {
        routes.set(RouteDraft.of("ws", "http://127.0.0.1:" + UPSTREAM.port())
                .timeouts(500, 5_000, 400, 0)
                .route());
        Listener listener = new Listener();
        open("silent", listener);
        assertThat(listener.nextMatching("close")).startsWith("close 1001");
    }

    @Test
    void closesOnAFrameThatIsTooLarge() throws Exception {
        Listener listener = new Listener();
        WebSocket socket = open("silent", listener);
        CompletableFuture<WebSocket> ignored = socket.sendBinary(ByteBuffer.wrap(new byte[70_000]), true);
        // What it is still sending when the gateway closes makes its system reset the connection, perhaps before it
        // reads.
        assertThat(listener.next()).containsPattern("^close 1009|^error ");
        await("the upstream hears of it")
                .atMost(PATIENCE)
                .until(() -> !CLOSED_WITH.get().isEmpty());
    }

    @Test
    void takesNoMoreFramesThanItsCallerDoes() throws Exception {
        Listener listener = new Listener();
        listener.greed = 0;
        WebSocket socket = open("flood", listener);
        AtomicLong before = new AtomicLong(-1);
        await().atMost(PATIENCE)
                .pollInterval(1, TimeUnit.SECONDS)
                .until(() -> before.getAndSet(SENT.get()) == SENT.get());
        assertThat(SENT.get()).isBetween(1L, 3_000L);
        socket.abort();
    }

    @Test
    void passesARefusedHandshake() throws IOException {
        assertThat(Wire.get(
                        port,
                        "/ws/refuse",
                        "Upgrade: websocket",
                        "Connection: Upgrade",
                        "Sec-WebSocket-Version: 13",
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="))
                .startsWith("HTTP/1.1 403")
                .contains("X-Why: no");
    }

    @Test
    void answersAHandshakeThatIsNone() throws IOException {
        assertThat(Wire.get(port, "/ws/echo", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 12"))
                .startsWith("HTTP/1.1 426")
                .contains("Sec-WebSocket-Version: 13");
        assertThat(Wire.get(port, "/ws/echo", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"))
                .startsWith("HTTP/1.1 400")
                .contains("Sec-WebSocket-Key");
    }

    @Test
    void saysThatTheUpstreamsHandshakeFailed() throws IOException {
        try (ScriptedUpstream silent = new ScriptedUpstream()) {
            silent.plays(ScriptedUpstream.Peer::readHead);
            routes.set(RouteDraft.of("ws", silent.url()).route());
            assertThat(Wire.get(
                            port,
                            "/ws/a",
                            "Upgrade: websocket",
                            "Connection: Upgrade",
                            "Sec-WebSocket-Version: 13",
                            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="))
                    .startsWith("HTTP/1.1 502")
                    .contains("\"reason\":\"closed\"");
        }
    }

    private URI uri(String what) {
        return URI.create("ws://127.0.0.1:" + port + "/ws/" + what);
    }

    private WebSocket open(String what, Listener listener) throws Exception {
        return HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(uri(what), listener)
                .get(10, TimeUnit.SECONDS);
    }

    /** Notes what it hears. */
    private static final class Listener implements WebSocket.Listener {

        private final LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
        private volatile long greed = Long.MAX_VALUE;

        String next() throws InterruptedException {
            return String.valueOf(heard.poll(10, TimeUnit.SECONDS));
        }

        String nextMatching(String kind) throws InterruptedException {
            String next = next();
            while (!next.startsWith(kind) && !next.equals("null")) {
                next = next();
            }
            return next;
        }

        @Override
        public void onOpen(WebSocket socket) {
            if (greed > 0) {
                socket.request(greed);
            }
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
            heard.add("text " + text + (last ? "." : ""));
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer bytes, boolean last) {
            heard.add("binary");
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<?> onPong(WebSocket socket, ByteBuffer bytes) {
            heard.add("pong " + bytes.remaining());
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            heard.add("close " + code + " " + reason);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            heard.add("error " + error);
        }
    }
}
