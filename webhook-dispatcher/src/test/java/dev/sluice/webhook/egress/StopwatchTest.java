package dev.sluice.webhook.egress;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.sluice.platform.web.egress.EgressPolicy;
import dev.sluice.platform.web.egress.UrlRules;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.netty.http.Http11SslContextSpec;
import reactor.netty.tcp.SslProvider.GenericSslContextSpec;

/** What a probe tells of its times; nothing here depends on how long anything takes. */
class StopwatchTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final byte[] BODY = "{}".getBytes(StandardCharsets.UTF_8);
    private static final char[] PASSWORD = "password".toCharArray();
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
    void tellsConnectingFromBecomingSecure(@TempDir Path folder) throws Exception {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.setHttpsConfigurator(new HttpsConfigurator(selfSigned(folder)));
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        try (WebhookClient client = client()) {
            String url = "https://127.0.0.1:" + server.getAddress().getPort() + "/";
            Probe probe = probe(client, url);

            assertThat(probe.answer()).isInstanceOf(Answer.Received.class);
            assertThat(probe.timings().connect()).isPresent();
            assertThat(probe.timings().tls()).isPresent();
            assertThat(sum(probe.timings())).isLessThanOrEqualTo(probe.timings().total());
        } finally {
            server.stop(0);
        }
    }

    @Test
    void whatWasNotComeToHasNoTime() throws IOException {
        try (RawReceiver silent = new RawReceiver(RawReceiver.Connection::hang);
                WebhookClient client = client()) {
            Probe probe = probe(client, silent.url());

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
        return Optional.ofNullable(client.probe(url, headers -> {}, BODY, Duration.ofSeconds(2))
                        .block(PATIENCE))
                .orElseThrow();
    }

    private static Duration sum(Timings timings) {
        return Stream.of(timings.resolve(), timings.connect(), timings.tls(), timings.waiting())
                .flatMap(Optional::stream)
                .reduce(Duration.ZERO, Duration::plus);
    }

    private static WebhookClient client() {
        EgressPolicy policy = EgressPolicy.of(List.of("127.0.0.0/8"), List.of());
        return new WebhookClient(
                policy,
                new UrlRules(policy, Set.of(443), Set.of()),
                WebhookClientTest.properties(Duration.ofSeconds(2)),
                client ->
                        client.secure(tls -> tls.sslContext((GenericSslContextSpec<?>) Http11SslContextSpec.forClient()
                                .configure(context -> context.trustManager(InsecureTrustManagerFactory.INSTANCE)))));
    }

    private static SSLContext selfSigned(Path folder)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path store = folder.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "a",
                        "-keyalg",
                        "EC",
                        "-storetype",
                        "PKCS12",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .inheritIO()
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }
}
