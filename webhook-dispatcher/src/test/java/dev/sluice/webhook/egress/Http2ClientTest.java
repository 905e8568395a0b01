package dev.sluice.webhook.egress;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.sluice.platform.web.egress.EgressPolicy;
import dev.sluice.platform.web.egress.UrlRules;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.ssl.SslContextBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** Receivers that speak HTTP/2, among others that do not. */
class Http2ClientTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final byte[] BODY = "{\"n\":1}".getBytes(StandardCharsets.UTF_8);
    private static final int GOAWAY = 7;
    private static final SelfSigned CERTIFICATE = SelfSigned.of("ip:127.0.0.1");
    private static final SelfSigned OF_ANOTHER = SelfSigned.of("ip:127.0.0.2");

    @Test
    void postsAsWithHttp11() {
        List<Http2Receiver.Request> requests = new CopyOnWriteArrayList<>();
        try (Http2Receiver receiver = new Http2Receiver(CERTIFICATE, request -> {
                    requests.add(request);
                    request.head(503, /* last= */ false);
                    request.data("busy", /* last= */ true);
                });
                WebhookClient client = client()) {
            Probe probe = post(client, receiver.url() + "?a=%20b");

            assertThat(probe.protocol()).hasValue(Protocol.HTTP_2);
            assertThat(probe.timings().connect()).isPresent();
            assertThat(probe.timings().tls()).isPresent();
            assertThat(probe.timings().waiting()).isPresent();
            assertThat(sum(probe.timings())).isLessThanOrEqualTo(probe.timings().total());
            assertThat(probe.answer()).isInstanceOfSatisfying(Answer.Received.class, received -> {
                assertThat(received.status()).isEqualTo(503);
                assertThat(received.body().bytes()).asString().isEqualTo("busy");
            });
        }
        assertThat(requests).singleElement().satisfies(request -> {
            assertThat(request.body()).isEqualTo("{\"n\":1}");
            assertThat(request.headers().method()).asString().isEqualTo("POST");
            assertThat(request.headers().path()).asString().isEqualTo("/hook?a=%20b");
            assertThat(request.headers().scheme()).asString().isEqualTo("https");
            assertThat(request.headers().authority()).asString().startsWith("127.0.0.1:");
            assertThat(request.headers().get("content-length")).asString().isEqualTo("7");
            assertThat(request.headers().get("user-agent")).asString().isEqualTo(WebhookClient.USER_AGENT);
            assertThat(request.headers().get("webhook-id")).asString().isEqualTo("msg_1");
            assertThat(request.headers().names().toString())
                    .doesNotContain("accept-encoding", "authorization", "cookie", "connection", "host");
        });
    }

    @Test
    void requestsShareOneConnection() {
        CountDownLatch all = new CountDownLatch(50);
        List<Http2Receiver.Request> waiting = new CopyOnWriteArrayList<>();
        try (Http2Receiver receiver = new Http2Receiver(CERTIFICATE, request -> {
                    waiting.add(request);
                    all.countDown();
                    if (all.getCount() == 0) {
                        waiting.forEach(each -> each.answer(204));
                        waiting.clear();
                    }
                });
                WebhookClient client = client()) {
            List<Probe> probes = postAll(client, receiver.url(), 50);

            assertThat(probes)
                    .hasSize(50)
                    .allSatisfy(probe -> assertThat(status(probe)).isEqualTo("204"));
            assertThat(probes.stream().filter(probe -> probe.timings().tls().isPresent()))
                    .as("who opened it tells of it")
                    .hasSize(1);
            for (int i = 0; i < 20; i++) {
                assertThat(status(post(client, receiver.url()))).isEqualTo("204");
            }
            assertThat(receiver.connections()).isEqualTo(1);
            assertThat(receiver.mostAtOnce()).isEqualTo(50);
        }
    }

    @Test
    void opensNoMoreStreamsThanTheReceiverTakes() {
        try (Http2Receiver receiver = new Http2Receiver(
                        CERTIFICATE,
                        Http2Settings.defaultSettings().maxConcurrentStreams(2),
                        request -> request.context().executor().execute(() -> request.answer(204)));
                WebhookClient client = client()) {
            assertThat(status(post(client, receiver.url()))).isEqualTo("204");

            assertThat(postAll(client, receiver.url(), 40))
                    .allSatisfy(probe -> assertThat(status(probe)).isEqualTo("204"));
            assertThat(receiver.mostAtOnce()).isLessThanOrEqualTo(2);
            assertThat(receiver.requests()).as("nothing was sent in vain").isEqualTo(41);
            assertThat(receiver.connections()).isLessThanOrEqualTo(5);
        }
    }

    /** However many it would take: what happens to one connection is not to happen to everything. */
    @Test
    void sendsNoMoreThanAHundredAtOnceOverOneConnection() {
        CountDownLatch all = new CountDownLatch(150);
        List<Http2Receiver.Request> waiting = new CopyOnWriteArrayList<>();
        try (Http2Receiver receiver = new Http2Receiver(
                        CERTIFICATE, Http2Settings.defaultSettings().maxConcurrentStreams(10_000), request -> {
                            waiting.add(request);
                            all.countDown();
                            if (all.getCount() == 0) {
                                waiting.forEach(each -> each.answer(204));
                            }
                        });
                WebhookClient client = client()) {
            assertThat(postAll(client, receiver.url(), 150))
                    .hasSize(150)
                    .allSatisfy(probe -> assertThat(status(probe)).isEqualTo("204"));
            assertThat(receiver.mostAtOnce()).isEqualTo(100);
            assertThat(receiver.connections()).isEqualTo(2);
        }
    }

    @Test
    void whatWasRefusedUnseenIsSentOnceMore() {
        try (Http2Receiver receiver = new Http2Receiver(CERTIFICATE, request -> {
                    if (request.number() == 1) {
                        request.reset(Http2Error.REFUSED_STREAM);
                    } else {
                        request.answer(204);
                    }
                });
                Http2Receiver refusing =
                        new Http2Receiver(CERTIFICATE, request -> request.reset(Http2Error.REFUSED_STREAM));
                WebhookClient client = client()) {
            assertThat(status(post(client, receiver.url()))).isEqualTo("204");
            assertThat(status(post(client, refusing.url()))).isEqualTo("closed");
            assertThat(refusing.requests()).isEqualTo(2);
        }
    }

    @Test
    void whatMayHaveBeenSeenIsNotSentAgain() {
        try (Http2Receiver receiver =
                        new Http2Receiver(CERTIFICATE, request -> request.reset(Http2Error.INTERNAL_ERROR));
                Http2Receiver closing = new Http2Receiver(CERTIFICATE, request -> {
                    var _ = request.connectionChannel().close();
                });
                WebhookClient client = client()) {
            assertThat(status(post(client, receiver.url()))).isEqualTo("closed");
            assertThat(receiver.requests()).isEqualTo(1);
            assertThat(status(post(client, closing.url()))).isEqualTo("closed");
            assertThat(closing.requests()).isEqualTo(1);
        }
    }

    /** As servers do that have had enough requests over one connection: the last is behind the one they still look at. */
    @Test
    void aReceiverThatGoesAwayCostsNoAttempt() {
        try (Http2Receiver receiver = new Http2Receiver(CERTIFICATE, request -> {
                    if (request.connection() == 1 && request.stream() > 3) {
                        request.raw(
                                GOAWAY,
                                0,
                                0,
                                ByteBuffer.allocate(8).putInt(3).putInt(0).array());
                    } else {
                        request.answer(204);
                    }
                });
                WebhookClient client = client()) {
            for (int i = 0; i < 6; i++) {
                assertThat(status(post(client, receiver.url()))).isEqualTo("204");
            }
            assertThat(receiver.connections()).isEqualTo(2);
        }
    }

    @Test
    void followsNoRedirect() {
        try (Http2Receiver receiver = new Http2Receiver(CERTIFICATE, request -> {
                    var _ = request.context()
                            .writeAndFlush(new DefaultHttp2HeadersFrame(
                                    new DefaultHttp2Headers().status("307").set("location", "/elsewhere"),
                                    /* endStream= */ true));
                });
                WebhookClient client = client()) {
            assertThat(status(post(client, receiver.url()))).isEqualTo("307");
            assertThat(receiver.requests()).isEqualTo(1);
        }
    }

    @Test
    void everyProbeConnectsAnew() {
        try (Http2Receiver receiver = new Http2Receiver(CERTIFICATE, request -> request.answer(204));
                WebhookClient client = client()) {
            for (int i = 1; i <= 3; i++) {
                Probe probe = client.probe(receiver.url(), headers -> {}, BODY, PATIENCE)
                        .blockOptional(PATIENCE.multipliedBy(2))
                        .orElseThrow();
                assertThat(status(probe)).isEqualTo("204");
                assertThat(probe.timings().tls()).isPresent();
                assertThat(receiver.connections()).isEqualTo(i);
            }
        }
    }

    @Test
    void aCertificateIsAskedForAndMustBeOfTheReceiver() {
        try (Http2Receiver receiver = new Http2Receiver(CERTIFICATE, request -> request.answer(204));
                Http2Receiver another = new Http2Receiver(OF_ANOTHER, request -> request.answer(204));
                WebhookClient strict = client(trust -> {});
                WebhookClient trusting =
                        client(trust -> trust.trustManager(CERTIFICATE.certificate(), OF_ANOTHER.certificate()))) {
            assertThat(status(post(strict, receiver.url()))).isEqualTo("tls");
            assertThat(status(post(trusting, another.url()))).isEqualTo("tls");
            assertThat(another.requests()).isZero();
            assertThat(status(post(trusting, receiver.url()))).isEqualTo("204");
        }
    }

    @Test
    void nothingIsSentToADeniedAddress() {
        EgressPolicy strict = EgressPolicy.strict();
        UrlRules lenient = new UrlRules(EgressPolicy.of(List.of("127.0.0.0/8"), List.of()), Set.of(443), Set.of());
        try (Http2Receiver receiver = new Http2Receiver(CERTIFICATE, request -> request.answer(204));
                WebhookClient client = new WebhookClient(
                        strict,
                        lenient,
                        properties(),
                        UnaryOperator.identity(),
                        trust -> trust.trustManager(CERTIFICATE.certificate()))) {
            assertThat(status(post(client, receiver.url()))).isEqualTo("blocked_address");
            assertThat(client.probe(receiver.url(), headers -> {}, BODY, PATIENCE)
                            .blockOptional(PATIENCE)
                            .map(Http2ClientTest::status))
                    .hasValue("blocked_address");
            assertThat(receiver.connections()).isZero();
        }
    }

    /** Some speak HTTP/2, some HTTP/1.1 over TLS, some in clear. */
    @Test
    void aMixedFleetGetsEverythingEachInWhatItSpeaks() throws Exception {
        Set<InetSocketAddress> callers = ConcurrentHashMap.newKeySet();
        HttpsServer older = olderServer(callers);
        try (Http2Receiver one = new Http2Receiver(CERTIFICATE, request -> request.answer(204));
                Http2Receiver other = new Http2Receiver(CERTIFICATE, request -> request.answer(204));
                RawReceiver plain = RawReceiver.saying("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
                WebhookClient client = client()) {
            String olderUrl = "https://127.0.0.1:" + older.getAddress().getPort() + "/";
            List<Probe> probes = Flux.range(0, 400)
                    .flatMap(
                            i -> client.post(
                                    List.of(one.url(), other.url(), olderUrl, plain.url())
                                            .get(i % 4),
                                    headers -> {},
                                    BODY,
                                    Optional.empty()),
                            16)
                    .collectList()
                    .blockOptional(PATIENCE)
                    .orElseThrow();

            assertThat(probes)
                    .hasSize(400)
                    .allSatisfy(probe -> assertThat(status(probe)).isEqualTo("204"));
            assertThat(probes.stream()
                            .filter(probe -> probe.protocol()
                                    .filter(Protocol.HTTP_2::equals)
                                    .isPresent()))
                    .hasSize(200);
            assertThat(one.connections()).isEqualTo(1);
            assertThat(other.connections()).isEqualTo(1);
            // Those of the first requests, and of those that knew what it speaks.
            assertThat(callers).as("connections are used again").hasSizeLessThanOrEqualTo(10);
        } finally {
            older.stop(0);
        }
    }

    /** A guard of HTTP/1.1 must be there whichever way it came to be spoken: agreed on, or known from before. */
    @Test
    void interimAnswersOfOlderReceiversArePassedOverToo() throws Exception {
        try (RawReceiver older = new RawReceiver(
                        CERTIFICATE
                                .context()
                                .getServerSocketFactory()
                                .createServerSocket(0, 50, InetAddress.getLoopbackAddress()),
                        connection -> connection.write("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\n"
                                + "Connection: close\r\nContent-Length: 2\r\n\r\nok"));
                WebhookClient client = client()) {
            String url = "https://127.0.0.1:" + older.port() + "/";
            for (int i = 0; i < 3; i++) {
                Probe probe = post(client, url);
                assertThat(status(probe)).isEqualTo("200");
                assertThat(probe.protocol()).hasValue(Protocol.HTTP_1_1);
            }
        }
    }

    private static HttpsServer olderServer(Set<InetSocketAddress> callers) throws Exception {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setHttpsConfigurator(new HttpsConfigurator(CERTIFICATE.context()));
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            callers.add(exchange.getRemoteAddress());
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static Duration sum(Timings timings) {
        return Stream.of(timings.resolve(), timings.connect(), timings.tls(), timings.waiting())
                .flatMap(Optional::stream)
                .reduce(Duration.ZERO, Duration::plus);
    }

    private static List<Probe> postAll(WebhookClient client, String url, int count) {
        return Flux.range(0, count)
                .flatMap(i -> client.post(url, headers -> {}, BODY, Optional.empty()), count)
                .collectList()
                .blockOptional(PATIENCE)
                .orElseThrow();
    }

    private static Probe post(WebhookClient client, String url) {
        return client.post(url, headers -> headers.set("webhook-id", "msg_1"), BODY, Optional.empty())
                .blockOptional(PATIENCE)
                .orElseThrow();
    }

    private static String status(Probe probe) {
        return switch (probe.answer()) {
            case Answer.Received received -> Integer.toString(received.status());
            case Answer.Missing missing -> missing.failure().code();
        };
    }

    private static WebhookClient client() {
        return client(trust -> trust.trustManager(CERTIFICATE.certificate()));
    }

    private static WebhookClient client(Consumer<SslContextBuilder> trust) {
        EgressPolicy policy = EgressPolicy.of(List.of("127.0.0.0/8"), List.of());
        return new WebhookClient(
                policy, new UrlRules(policy, Set.of(443), Set.of()), properties(), UnaryOperator.identity(), trust);
    }

    private static EgressProperties properties() {
        return new EgressProperties(
                List.of(),
                List.of(),
                Set.of(443),
                Set.of(),
                PATIENCE,
                PATIENCE,
                PATIENCE,
                /* maxConnectionsPerHost= */ 5);
    }
}
