package dev.sluice.cache.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.platform.test.FakeClock;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.IdentityToken;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;

/** What every request is answered, over the real engine and a shared level in memory. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.kafka.bootstrap-servers=127.0.0.1:1",
            "spring.data.redis.port=1",
            "sluice.internal.secret=" + CacheControllerTest.SECRET,
            "sluice.cache.coherence.ack-timeout=500ms",
            "management.server.port=0",
        })
@Import(CacheHttpSetup.class)
class CacheControllerTest {
    static final String SECRET = "an internal secret of enough bytes for tests";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Autowired
    private FakeSecondLevel redis;

    @Autowired
    private FakeClock clock;

    @Autowired
    private MockProducer<byte[], byte[]> producer;

    @Value("${local.server.port}")
    private int port;

    private final String tenant = "tenant-" + UUID.randomUUID();

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
        producer.sendException = null;
        clock.advance(Duration.ofSeconds(10));
    }

    @Test
    void storesAndAnswersRawBytesWithWhatWasSaidOfThem() {
        String tag = header(
                put("feed/keys/user:1", "hello", headers -> {
                            headers.set("Content-Type", "text/plain; charset=utf-8");
                            headers.set("Cache-Control", "max-age=60");
                        })
                        .expectStatus()
                        .isCreated(),
                "ETag");
        clock.advance(Duration.ofSeconds(7));
        get("feed/keys/user:1")
                .expectStatus()
                .isOk()
                .expectHeader()
                .valueEquals("ETag", tag)
                .expectHeader()
                .valueEquals("Content-Type", "text/plain; charset=utf-8")
                .expectHeader()
                .valueEquals("Age", "7")
                .expectHeader()
                .valueEquals("Cache-Control", "max-age=53")
                .expectHeader()
                .valueEquals("Cache-Status", "sluice; hit; detail=l1")
                .expectHeader()
                .valueEquals("X-Content-Type-Options", "nosniff")
                .expectBody(String.class)
                .isEqualTo("hello");
    }

    @Test
    void replacingAnswersNoContentAndANewTag() {
        String first =
                header(put("feed/keys/a", "1", headers -> {}).expectStatus().isCreated(), "ETag");
        String second =
                header(put("feed/keys/a", "", headers -> {}).expectStatus().isNoContent(), "ETag");
        assertThat(second).isNotEqualTo(first).matches("\"[0-9]+\"");
        get("feed/keys/a")
                .expectStatus()
                .isOk()
                .expectHeader()
                .valueEquals("Content-Type", "application/octet-stream")
                .expectHeader()
                .valueEquals("Cache-Control", "max-age=86400")
                .expectHeader()
                .contentLength(0);
    }

    @Test
    void headAnswersAsGetWithoutTheBody() {
        put("feed/keys/a", "12345", headers -> {});
        send(HttpMethod.HEAD, "feed/keys/a", headers -> {})
                .expectStatus()
                .isOk()
                .expectHeader()
                .contentLength(5)
                .expectHeader()
                .exists("ETag")
                .expectBody()
                .isEmpty();
        send(HttpMethod.HEAD, "feed/keys/none", headers -> {}).expectStatus().isNotFound();
    }

    @Test
    void whatIsNotThereIsACacheMiss() {
        get("feed/keys/none")
                .expectStatus()
                .isNotFound()
                .expectHeader()
                .valueEquals("Cache-Status", "sluice; fwd=miss")
                .expectHeader()
                .contentType("application/problem+json")
                .expectBody()
                .jsonPath("$.type")
                .isEqualTo("https://sluice.dev/problems/cache_miss")
                .jsonPath("$.detail")
                .isNotEmpty();
        delete("feed/keys/none").expectStatus().isNotFound();
    }

    @Test
    void deletesOnce() {
        put("feed/keys/a", "1", headers -> {});
        delete("feed/keys/a").expectStatus().isNoContent().expectBody().isEmpty();
        get("feed/keys/a").expectStatus().isNotFound();
        delete("feed/keys/a").expectStatus().isNotFound();
    }

    @Test
    void expiresWhenItsTimeIsOver() {
        put("feed/keys/a", "1", headers -> headers.set("Cache-Control", "max-age=5"));
        clock.advance(Duration.ofMillis(4_999));
        get("feed/keys/a").expectStatus().isOk().expectHeader().valueEquals("Cache-Control", "max-age=0");
    }

    @Test
    void tenantsDoNotSeeEachOther() {
        put("feed/keys/a", "1", headers -> {});
        send(HttpMethod.GET, "feed/keys/a", headers -> headers.set(IdentityToken.HEADER, token("other", "admin")))
                .expectStatus()
                .isNotFound();
    }

    @Test
    void answersNotModifiedToWhomHasIt() {
        String tag = header(put("feed/keys/a", "1", headers -> {}), "ETag");
        for (String value : new String[] {tag, "W/" + tag, "\"x\", " + tag, "*"}) {
            send(HttpMethod.GET, "feed/keys/a", headers -> headers.set("If-None-Match", value))
                    .expectStatus()
                    .isNotModified()
                    .expectHeader()
                    .valueEquals("ETag", tag)
                    .expectHeader()
                    .valueEquals("Cache-Control", "max-age=86400")
                    .expectBody()
                    .isEmpty();
        }
        send(HttpMethod.GET, "feed/keys/a", headers -> headers.set("If-None-Match", "\"1\""))
                .expectStatus()
                .isOk();
        send(HttpMethod.GET, "feed/keys/a", headers -> headers.set("If-Match", "\"1\""))
                .expectStatus()
                .isEqualTo(412)
                .expectHeader()
                .valueEquals("ETag", tag);
    }

    @Test
    void conditionsDecideAboutWrites() {
        put("feed/keys/a", "1", headers -> headers.set("If-Match", "*"))
                .expectStatus()
                .isEqualTo(412);
        String tag = header(
                put("feed/keys/a", "1", headers -> headers.set("If-None-Match", "*"))
                        .expectStatus()
                        .isCreated(),
                "ETag");
        put("feed/keys/a", "2", headers -> headers.set("If-None-Match", "*"))
                .expectStatus()
                .isEqualTo(412)
                .expectHeader()
                .valueEquals("ETag", tag)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("precondition_failed");
        send(HttpMethod.DELETE, "feed/keys/a", headers -> headers.set("If-Match", "\"7\""))
                .expectStatus()
                .isEqualTo(412);
        String next = header(
                put("feed/keys/a", "3", headers -> headers.set("If-Match", tag))
                        .expectStatus()
                        .isNoContent(),
                "ETag");
        put("feed/keys/a", "4", headers -> headers.set("If-Match", tag))
                .expectStatus()
                .isEqualTo(412);
        get("feed/keys/a").expectBody(String.class).isEqualTo("3");
        send(HttpMethod.DELETE, "feed/keys/a", headers -> headers.set("If-Match", next))
                .expectStatus()
                .isNoContent();
    }

    @Test
    void takesAValueOfOneMebibyteAndNotAByteMore() {
        put("feed/keys/a", "x".repeat(1 << 20), headers -> {}).expectStatus().isCreated();
        put("feed/keys/b", "x".repeat((1 << 20) + 1), headers -> {})
                .expectStatus()
                .isEqualTo(413)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("too_large");
        get("feed/keys/b").expectStatus().isNotFound();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Feed/keys/a", "-feed/keys/a", "fe%20ed/keys/a", "%E2%82%AC/keys/a", "f%3Aeed/keys/a"})
    void refusesNamespacesThatAreNone(String path) {
        for (HttpMethod method : new HttpMethod[] {HttpMethod.GET, HttpMethod.PUT, HttpMethod.DELETE}) {
            send(method, path, headers -> {})
                    .expectStatus()
                    .isBadRequest()
                    .expectBody()
                    .jsonPath("$.field")
                    .isEqualTo("namespace");
        }
    }

    @Test
    void countsTheBytesOfAKeyAfterDecoding() {
        put("feed/keys/" + "%E2%82%AC".repeat(170) + "ab", "1", headers -> {})
                .expectStatus()
                .isCreated();
        put("feed/keys/" + "%E2%82%AC".repeat(170) + "abc", "1", headers -> {})
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.field")
                .isEqualTo("key");
    }

    @Test
    void keysAreTextThatIsNeverInterpreted() {
        for (String key :
                new String[] {"*", "%3F", "%5Ba%5D", "%7Bt%7D", "tenant:feed:a", "a%20b", "a+b", "%25", "..a"}) {
            String path = "feed/keys/" + key;
            put(path, key, headers -> {}).expectStatus().isCreated();
            get(path).expectStatus().isOk().expectBody(String.class).isEqualTo(key);
        }
        get("feed/keys/a%2Bb").expectStatus().isOk().expectBody(String.class).isEqualTo("a+b");
    }

    @ParameterizedTest
    @CsvSource({
        "feed/keys/a%00b, path",
        "feed/keys/a%C2%85b, path",
        "feed/keys/a%2Fb, path",
        "feed/keys/a%FFb, path",
        "feed/keys/a;b=c, path",
        "feed/keys/.., path",
        "feed/keys/a/, path",
        "feed/keys/a?ttl=60, query",
    })
    void refusesPathsThatMeanMoreThanOneThing(String path, String field) {
        put(path, "1", headers -> {})
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.field")
                .isEqualTo(field);
    }

    @Test
    void refusesHeadersThatItCannotFollowAndStoresNothing() {
        put("feed/keys/a", "1", headers -> headers.set("Cache-Control", "max-age=0"))
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("invalid_header")
                .jsonPath("$.field")
                .isEqualTo("Cache-Control");
        put("feed/keys/a", "1", headers -> headers.set("Content-Type", "text/*"))
                .expectStatus()
                .isBadRequest();
        put("feed/keys/a", "1", headers -> headers.set("If-Match", "nonsense"))
                .expectStatus()
                .isBadRequest();
        get("feed/keys/a").expectStatus().isNotFound();
        send(HttpMethod.GET, "feed/keys/a", headers -> headers.set("If-None-Match", "nonsense"))
                .expectStatus()
                .isBadRequest();
    }

    @Test
    void asksForTheScopeOfEachMethod() {
        put("feed/keys/a", "1", headers -> headers.set(IdentityToken.HEADER, token(tenant, "cache:read")))
                .expectStatus()
                .isForbidden()
                .expectBody()
                .jsonPath("$.detail")
                .isEqualTo("Use an API key with the scope cache:write.");
        send(
                        HttpMethod.DELETE,
                        "feed/keys/a",
                        headers -> headers.set(IdentityToken.HEADER, token(tenant, "cache:read")))
                .expectStatus()
                .isForbidden();
        send(HttpMethod.GET, "feed/keys/a", headers -> headers.set(IdentityToken.HEADER, token(tenant, "cache:write")))
                .expectStatus()
                .isForbidden();
        put("feed/keys/a", "1", headers -> headers.set(IdentityToken.HEADER, token(tenant, "admin")))
                .expectStatus()
                .isCreated();
        send(HttpMethod.GET, "feed/keys/a", headers -> headers.remove(IdentityToken.HEADER))
                .expectStatus()
                .isUnauthorized();
        send(HttpMethod.POST, "feed/keys/a", headers -> {}).expectStatus().isEqualTo(405);
    }

    @Test
    void withoutTheSharedLevelTheFirstOneAnswersAndNothingElse() {
        put("feed/keys/known", "1", headers -> {}).expectStatus().isCreated();
        redis.leave();
        get("feed/keys/known")
                .expectStatus()
                .isOk()
                .expectHeader()
                .valueEquals("Cache-Status", "sluice; hit; detail=l1");
        for (ResponseSpec answer : new ResponseSpec[] {
            get("feed/keys/unknown"), put("feed/keys/new", "1", headers -> {}), delete("feed/keys/known")
        }) {
            answer.expectStatus()
                    .isEqualTo(503)
                    .expectHeader()
                    .valueEquals("Retry-After", "1")
                    .expectBody()
                    .jsonPath("$.code")
                    .isEqualTo("unavailable");
        }
    }

    @Test
    void aWriteThatIsNotAnnouncedIsNotAnsweredAsDone() {
        producer.sendException = new IllegalStateException("Kafka is away");
        put("feed/keys/a", "1", headers -> {})
                .expectStatus()
                .isEqualTo(503)
                .expectHeader()
                .valueEquals("Retry-After", "1")
                .expectBody()
                .jsonPath("$.detail")
                .value(String.class, detail -> assertThat(detail).startsWith("The change is made"))
                .jsonPath("$.etag")
                .value(String.class, tag -> assertThat(tag).matches("\"[0-9]+\""));
        get("feed/keys/a").expectStatus().isOk();
    }

    @Test
    void whatWasNotAnnouncedIsAnnouncedAsSoonAsTheLogIsBack() {
        producer.sendException = new IllegalStateException("Kafka is away");
        put("feed/keys/a", "1", headers -> {}).expectStatus().isEqualTo(503);
        assertThat(invalidations("a")).isZero();
        producer.sendException = null;
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(invalidations("a")).isEqualTo(1));
    }

    @Test
    void aWriteWithoutAnAnswerFromTheSharedLevelIsAnnouncedAsADoubt() {
        redis.leave();
        put("feed/keys/a", "1", headers -> {}).expectStatus().isEqualTo(503);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(invalidations("a")).isEqualTo(1));
    }

    private long invalidations(String key) {
        return producer.history().stream()
                .filter(record -> record.topic().equals(Topics.CACHE_INVALIDATIONS.name()))
                .filter(record -> new String(record.key(), StandardCharsets.UTF_8).equals(tenant + "|feed|" + key))
                .count();
    }

    private ResponseSpec get(String path) {
        return send(HttpMethod.GET, path, headers -> {});
    }

    private ResponseSpec delete(String path) {
        return send(HttpMethod.DELETE, path, headers -> {});
    }

    private ResponseSpec put(String path, String value, Consumer<HttpHeaders> more) {
        return client().put()
                .uri(uri(path))
                .header(IdentityToken.HEADER, token(tenant, "cache:read", "cache:write"))
                .headers(more)
                .bodyValue(value.getBytes(StandardCharsets.UTF_8))
                .exchange();
    }

    private ResponseSpec send(HttpMethod method, String path, Consumer<HttpHeaders> more) {
        return client().method(method)
                .uri(uri(path))
                .header(IdentityToken.HEADER, token(tenant, "cache:read", "cache:write"))
                .headers(more)
                .exchange();
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + "/api/v1/cache/namespaces/" + path);
    }

    private static WebTestClient client() {
        return WebTestClient.bindToServer()
                .codecs(codecs -> codecs.defaultCodecs().maxInMemorySize(4 * 1024 * 1024))
                .responseTimeout(PATIENCE)
                .build();
    }

    private static String header(ResponseSpec answer, String name) {
        String value = answer.expectBody().returnResult().getResponseHeaders().getFirst(name);
        return value == null ? "" : value;
    }

    private String token(String asTenant, String... scopes) {
        return new IdentityToken(SECRET, clock).sign(new Identity(asTenant, "key-1", "free", Set.of(scopes)));
    }
}
