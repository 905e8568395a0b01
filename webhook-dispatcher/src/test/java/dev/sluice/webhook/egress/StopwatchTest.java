package dev.sluice.webhook.egress;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.sluice.platform.web.egress.EgressPolicy;
import dev.sluice.platform.web.egress.UrlRules;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** What requests tell of their times; nothing here depends on how long anything takes. */
class StopwatchTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final byte[] BODY = "{}".getBytes(StandardCharsets.UTF_8);
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @Test
    void tellsThePartsOfAPlainRequest() throws IOException {
        try (RawReceiver receiver = RawReceiver.saying(OK);
                WebhookClient client = client()) {
            Probe probe = probe(client, receiver.url());

            assertThat(probe.answer()).isInstanceOf(Answer.Received.class);
            assertThat(probe.timings().connect()).isPresent();
            assertThat(probe.timings().tls()).isEmpty();
            assertThat(probe.timings().waiting()).isPresent();
            assertThat(sum(probe.timings())).isLessThanOrEqualTo(probe.timings().total());
        }
    }

    @Test
    void tellsConnectingFromBecomingSecure() throws Exception {
        HttpsServer server = secureServer();
        try (WebhookClient client = client()) {
            Probe probe = probe(client, urlOf(server));

            assertThat(probe.answer()).isInstanceOf(Answer.Received.class);
            assertThat(probe.timings().connect()).isPresent();
            assertThat(probe.timings().tls()).isPresent();
            assertThat(sum(probe.timings())).isLessThanOrEqualTo(probe.timings().total());
        } finally {
            server.stop(0);
        }
    }

    @Test
    void onlyTheRequestThatAConnectionWasMadeForTellsOfIt() throws Exception {
        HttpsServer server = secureServer();
        Set<InetSocketAddress> callers = ConcurrentHashMap.newKeySet();
        server.createContext("/counted", exchange -> {
            callers.add(exchange.getRemoteAddress());
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        // One at most, so that the next request waits until it is free.
        try (WebhookClient client = client(PATIENCE, 1)) {
            // Only then is it known what the server speaks, and which connections are for it.
            post(client, urlOf(server) + "counted");
            callers.clear();
            Timings first = post(client, urlOf(server) + "counted").timings();
            assertThat(first.connect()).isPresent();
            assertThat(first.tls()).isPresent();
            assertThat(first.waiting()).isPresent();
            for (int i = 0; i < 5; i++) {
                Probe next = post(client, urlOf(server) + "counted");
                assertThat(next.answer()).isInstanceOf(Answer.Received.class);
                assertThat(next.timings().resolve()).isEmpty();
                assertThat(next.timings().connect()).isEmpty();
                assertThat(next.timings().tls()).isEmpty();
                assertThat(next.timings().waiting()).isPresent();
                assertThat(sum(next.timings()))
                        .isLessThanOrEqualTo(next.timings().total());
            }
            assertThat(callers).as("to be timed must not cost a connection").hasSize(1);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void requestsAtOnceTellOfTheirOwnConnectionsAlone() throws IOException {
        CountDownLatch both = new CountDownLatch(2);
        try (RawReceiver receiver = new RawReceiver(connection -> {
                    both.countDown();
                    both.await();
                    connection.write(OK);
                    connection.hang();
                });
                WebhookClient client = client()) {
            List<Probe> probes = Flux.range(0, 2)
                    .flatMap(each -> client.post(receiver.url(), headers -> {}, BODY, Optional.empty()))
                    .collectList()
                    .blockOptional(PATIENCE.multipliedBy(2))
                    .orElseThrow();
            assertThat(probes).hasSize(2).allSatisfy(probe -> {
                assertThat(probe.answer()).isInstanceOf(Answer.Received.class);
                assertThat(probe.timings().connect()).isPresent();
                assertThat(sum(probe.timings()))
                        .isLessThanOrEqualTo(probe.timings().total());
            });
            assertThat(receiver.connections()).isEqualTo(2);
        }
    }

    @Test
    void aConnectionThatIsNotSecuredTellsHowFarItCame() throws IOException {
        try (RawReceiver receiver = RawReceiver.saying("this is no TLS\r\n\r\n");
                WebhookClient client = client(Duration.ofSeconds(2), 1)) {
            Probe probe = post(client, "https://127.0.0.1:" + receiver.port() + "/");

            assertThat(probe.answer()).isInstanceOf(Answer.Missing.class);
            assertThat(probe.timings().connect()).isPresent();
            assertThat(probe.timings().tls()).isEmpty();
            assertThat(probe.timings().waiting()).isEmpty();
        }
    }

    @Test
    void whatIsNotSentHasNoTimes() {
        try (WebhookClient client = client()) {
            Probe probe = post(client, "http://10.0.0.1/");

            assertThat(probe.answer()).isEqualTo(new Answer.Missing(Answer.Failure.BLOCKED_ADDRESS));
            assertThat(probe.timings().hasParts()).isFalse();
        }
    }

    @Test
    void whatWasNotComeToHasNoTime() throws IOException {
        try (RawReceiver silent = new RawReceiver(RawReceiver.Connection::hang);
                WebhookClient client = client()) {
            Probe probe = probe(client, silent.url(), Duration.ofSeconds(1));

            assertThat(probe.answer()).isEqualTo(new Answer.Missing(Answer.Failure.TIMEOUT));
            assertThat(probe.timings().connect()).isPresent();
            assertThat(probe.timings().waiting()).isEmpty();
        }
    }

    @Test
    void everyProbeConnectsAnew() throws IOException {
        try (RawReceiver receiver = new RawReceiver(connection -> {
                    connection.write(OK);
                    connection.hang();
                });
                WebhookClient client = client()) {
            probe(client, receiver.url());
            probe(client, receiver.url());
            assertThat(receiver.connections()).isEqualTo(2);
        }
    }

    @Test
    void aProbeGoesNowhereThatADeliveryMayNot() throws IOException {
        EgressPolicy strict = EgressPolicy.strict();
        try (RawReceiver receiver = RawReceiver.saying(OK);
                WebhookClient client = new WebhookClient(
                        // The rules let it pass, as they let a name pass whose address is private.
                        strict,
                        new UrlRules(EgressPolicy.of(List.of("127.0.0.0/8"), List.of()), Set.of(443), Set.of()),
                        WebhookClientTest.properties(Duration.ofSeconds(2)))) {
            Probe probe = probe(client, receiver.url());

            assertThat(probe.answer()).isEqualTo(new Answer.Missing(Answer.Failure.BLOCKED_ADDRESS));
            assertThat(receiver.connections()).isZero();
        }
    }

    private static Probe probe(WebhookClient client, String url) {
        return probe(client, url, PATIENCE);
    }

    private static Probe probe(WebhookClient client, String url, Duration patience) {
        return Optional.ofNullable(
                        client.probe(url, headers -> {}, BODY, patience).block(PATIENCE.multipliedBy(2)))
                .orElseThrow();
    }

    private static Probe post(WebhookClient client, String url) {
        return client.post(url, headers -> {}, BODY, Optional.empty())
                .blockOptional(PATIENCE.multipliedBy(2))
                .orElseThrow();
    }

    private static HttpsServer secureServer() throws Exception {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.setHttpsConfigurator(
                new HttpsConfigurator(SelfSigned.of("ip:127.0.0.1").context()));
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static String urlOf(HttpsServer server) {
        return "https://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    private static Duration sum(Timings timings) {
        return Stream.of(timings.resolve(), timings.connect(), timings.tls(), timings.waiting())
                .flatMap(Optional::stream)
                .reduce(Duration.ZERO, Duration::plus);
    }

    private static WebhookClient client() {
        return client(PATIENCE, 5);
    }

    private static WebhookClient client(Duration connecting, int connections) {
        EgressPolicy policy = EgressPolicy.of(List.of("127.0.0.0/8"), List.of());
        return new WebhookClient(
                policy,
                new UrlRules(policy, Set.of(443), Set.of()),
                new EgressProperties(
                        List.of(), List.of(), Set.of(443), Set.of(), connecting, PATIENCE, PATIENCE, connections),
                UnaryOperator.identity(),
                trust -> trust.trustManager(InsecureTrustManagerFactory.INSTANCE));
    }
}
