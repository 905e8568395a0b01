package dev.sluice.cache.http;

import static org.awaitility.Awaitility.await;

import dev.sluice.platform.kafka.test.FakeLogTable;
import dev.sluice.platform.test.FakeClock;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.IdentityToken;
import dev.sluice.record.CacheEpoch;
import dev.sluice.schemas.Topics;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;

/** The real engine over a shared level in memory, asked over HTTP by a tenant of its own. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.kafka.bootstrap-servers=127.0.0.1:1",
            "spring.data.redis.port=1",
            "sluice.internal.secret=" + CacheHttpScenario.SECRET,
            "sluice.cache.coherence.ack-timeout=500ms",
            "sluice.cache.level.ttl-jitter=0",
            "sluice.cache.origin.allow-cidrs=127.0.0.0/8",
            "management.server.port=0",
        })
@Import(CacheHttpSetup.class)
abstract class CacheHttpScenario {
    static final String SECRET = "an internal secret of enough bytes for tests";
    static final Duration PATIENCE = Duration.ofMinutes(2);

    @Autowired
    FakeSecondLevel redis;

    @Autowired
    FakeLogTable<CacheEpoch> epochLog;

    @Autowired
    FakeClock clock;

    @Autowired
    MockProducer<byte[], byte[]> producer;

    @Value("${local.server.port}")
    int port;

    final String tenant = "tenant-" + UUID.randomUUID();

    @BeforeEach
    void awaitFirstLevel() {
        producer.clear();
        await().atMost(PATIENCE).until(() -> {
            put("probe/keys/p", "x", headers -> {});
            return "sluice; hit; detail=l1".equals(header(get("probe/keys/p"), "Cache-Status"));
        });
    }

    @AfterEach
    void mend() {
        redis.comeBack();
        epochLog.answerAgain();
        producer.sendException = null;
        clock.advance(Duration.ofSeconds(10));
    }

    long invalidations(String key) {
        return producer.history().stream()
                .filter(record -> record.topic().equals(Topics.CACHE_INVALIDATIONS.name()))
                .filter(record -> new String(record.key(), StandardCharsets.UTF_8).equals(tenant + "|feed|" + key))
                .count();
    }

    ResponseSpec get(String path) {
        return send(HttpMethod.GET, path, headers -> {});
    }

    ResponseSpec delete(String path) {
        return send(HttpMethod.DELETE, path, headers -> {});
    }

    ResponseSpec put(String path, String value, Consumer<HttpHeaders> more) {
        return client().put()
                .uri(uri(path))
                .header(IdentityToken.HEADER, token(tenant, "cache:read", "cache:write"))
                .headers(more)
                .bodyValue(value.getBytes(StandardCharsets.UTF_8))
                .exchange();
    }

    ResponseSpec send(HttpMethod method, String path, Consumer<HttpHeaders> more) {
        return client().method(method)
                .uri(uri(path))
                .header(IdentityToken.HEADER, token(tenant, "cache:read", "cache:write"))
                .headers(more)
                .exchange();
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + "/api/v1/cache/namespaces/" + path);
    }

    static WebTestClient client() {
        return WebTestClient.bindToServer()
                .codecs(codecs -> codecs.defaultCodecs().maxInMemorySize(4 * 1024 * 1024))
                .responseTimeout(PATIENCE)
                .build();
    }

    static String header(ResponseSpec answer, String name) {
        String value = answer.expectBody().returnResult().getResponseHeaders().getFirst(name);
        return value == null ? "" : value;
    }

    String token(String asTenant, String... scopes) {
        return new IdentityToken(SECRET, clock).sign(new Identity(asTenant, "key-1", "free", Set.of(scopes)));
    }
}
