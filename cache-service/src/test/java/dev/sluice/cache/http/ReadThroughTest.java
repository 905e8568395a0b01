package dev.sluice.cache.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.cache.origin.FakeOrigin;
import dev.sluice.platform.kafka.test.FakeLogTable;
import dev.sluice.platform.web.IdentityToken;
import dev.sluice.record.CacheNamespace;
import dev.sluice.schemas.Topics;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;

/** Namespaces whose values come from an origin. */
class ReadThroughTest extends CacheHttpScenario {

    private static final String SECRET_VALUE = "Bearer of-the-origin-alone";

    private final FakeOrigin origin = new FakeOrigin();

    @Autowired
    FakeLogTable<CacheNamespace> namespaceLog;

    @AfterEach
    void closeOrigin() {
        origin.close();
    }

    @Test
    void whatIsMissingComesFromTheOriginOnce() {
        layDown("");
        origin.answers("/v/a", 200, "made", Map.of("Content-Type", "text/html"));
        get("feed/keys/a")
                .expectStatus()
                .isOk()
                .expectHeader()
                .valueEquals("Cache-Status", "sluice; fwd=miss; detail=origin")
                .expectHeader()
                .contentType("text/html")
                .expectBody(String.class)
                .isEqualTo("made");
        assertThat(header(get("feed/keys/a"), "Cache-Status")).startsWith("sluice; hit");
        assertThat(origin.asked("/v/a")).isEqualTo(1);
        await().atMost(PATIENCE).until(() -> invalidations("a") > 0);
        assertThat(producer.history())
                .anySatisfy(record -> assertThat(record.topic()).isEqualTo(Topics.CACHE_CHANGES.name()));
    }

    @Test
    void whatIsPutIsNotAskedFor() {
        layDown("");
        put("feed/keys/a", "put", headers -> {}).expectStatus().isCreated();
        get("feed/keys/a").expectBody(String.class).isEqualTo("put");
        assertThat(origin.asked()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 410})
    void thatTheOriginHasNothingIsRemembered(int status) {
        layDown("");
        origin.answers("/v/a", status, "", Map.of("Cache-Control", "max-age=5"));
        assertThat(header(get("feed/keys/a"), "Cache-Status")).isEqualTo("sluice; fwd=miss");
        assertThat(header(get("feed/keys/a"), "Cache-Status")).isEqualTo("sluice; hit; detail=negative");
        assertThat(origin.asked("/v/a")).isEqualTo(1);
        clock.advance(Duration.ofSeconds(6));
        get("feed/keys/a").expectStatus().isNotFound();
        assertThat(origin.asked("/v/a")).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"500", "503", "403", "302", "206", "204"})
    void whatIsNoValueIsABadGatewayAndNotKept(int status) {
        layDown("");
        origin.answers("/v/a", status, "", Map.of("Location", origin.url("/elsewhere")));
        get("feed/keys/a")
                .expectStatus()
                .isEqualTo(502)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("bad_gateway")
                .jsonPath("$.originStatus")
                .isEqualTo(status);
        assertThat(origin.asked("/elsewhere")).isZero();
        origin.answers("/v/a", 200, "made", Map.of());
        get("feed/keys/a").expectStatus().isOk();
    }

    @Test
    void anOriginThatIsTooSlowIsAGatewayTimeout() {
        layDown(",\"hardTimeout\":\"PT0.1S\"");
        origin.hold();
        get("feed/keys/a")
                .expectStatus()
                .isEqualTo(504)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("gateway_timeout");
    }

    @Test
    void anOriginThatIsNotThereIsABadGateway() {
        layDown("");
        origin.close();
        get("feed/keys/a").expectStatus().isEqualTo(502);
    }

    @Test
    void anAnswerThatIsTooLargeIsNoValue() {
        json(HttpMethod.PUT, "feed", "{\"maxValueBytes\":3,\"origin\":{\"url\":\"" + origin.url("/v/{key}") + "\"}}")
                .expectStatus()
                .isCreated();
        origin.answers("/v/a", 200, "1234", Map.of());
        origin.answers("/v/b", 200, "123", Map.of());
        get("feed/keys/a").expectStatus().isEqualTo(502);
        get("feed/keys/b").expectStatus().isOk();
    }

    @Test
    void whatTheOriginDoesNotWantKeptIsAskedForEachTime() {
        layDown("");
        origin.answers("/v/a", 200, "now", Map.of("Cache-Control", "no-store"));
        for (int i = 1; i <= 3; i++) {
            get("feed/keys/a").expectBody(String.class).isEqualTo("now");
            assertThat(origin.asked("/v/a")).isEqualTo(i);
        }
    }

    @Test
    void aStaleValueCoversAnError() {
        layDown("");
        origin.answers("/v/a", 200, "old", Map.of("Cache-Control", "max-age=10, stale-if-error=60"));
        get("feed/keys/a").expectStatus().isOk();
        origin.answers("/v/a", 500, "", Map.of());
        clock.advance(Duration.ofSeconds(11));
        assertThat(header(get("feed/keys/a"), "Cache-Status")).isEqualTo("sluice; hit; detail=stale");
        clock.advance(Duration.ofSeconds(60));
        get("feed/keys/a").expectStatus().isEqualTo(502);
    }

    @Test
    void aStaleValueIsAnsweredWhileItIsMadeAnew() {
        layDown("");
        origin.answers("/v/a", 200, "old", Map.of("Cache-Control", "max-age=10, stale-while-revalidate=60"));
        get("feed/keys/a").expectStatus().isOk();
        origin.answers("/v/a", 200, "new", Map.of());
        clock.advance(Duration.ofSeconds(11));
        get("feed/keys/a").expectBody(String.class).isEqualTo("old");
        await().atMost(PATIENCE)
                .until(() -> "new"
                        .equals(get("feed/keys/a")
                                .expectBody(String.class)
                                .returnResult()
                                .getResponseBody()));
    }

    @Test
    void whatHasNotChangedIsRenewedWithoutItsBytes() {
        layDown("");
        String directives = "max-age=10, stale-while-revalidate=60";
        origin.answers("/v/a", 200, "made", Map.of("Cache-Control", directives, "ETag", "W/\"v1\""));
        String first = header(get("feed/keys/a"), "ETag");
        origin.answers("/v/a", 304, "", Map.of("Cache-Control", directives, "ETag", "W/\"v1\""));
        clock.advance(Duration.ofSeconds(11));
        get("feed/keys/a").expectBody(String.class).isEqualTo("made");
        await().atMost(PATIENCE)
                .until(() -> header(get("feed/keys/a"), "Cache-Status").equals("sluice; hit; detail=l1"));
        get("feed/keys/a").expectBody(String.class).isEqualTo("made");
        assertThat(header(get("feed/keys/a"), "ETag")).isNotEqualTo(first);
        assertThat(header(get("feed/keys/a"), "Age")).isEqualTo("0");
        assertThat(origin.asked("/v/a")).isEqualTo(2);
        assertThat(origin.asked().getFirst().headers().getFirst("If-None-Match"))
                .isNull();
        assertThat(origin.asked().getLast().headers().getFirst("If-None-Match")).isEqualTo("W/\"v1\"");
        // Renewed, it can be asked about again.
        clock.advance(Duration.ofSeconds(11));
        get("feed/keys/a").expectBody(String.class).isEqualTo("made");
        await().atMost(PATIENCE).until(() -> origin.asked("/v/a") == 3);
        assertThat(origin.asked().getLast().headers().getFirst("If-None-Match")).isEqualTo("W/\"v1\"");
    }

    @Test
    void thatNothingHasChangedIsNoAnswerForWhomNothingIsThere() {
        layDown(",\"headers\":{\"X-A\":\"1\"}");
        origin.answers("/v/a", 304, "", Map.of("ETag", "\"v1\""));
        get("feed/keys/a")
                .expectStatus()
                .isEqualTo(502)
                .expectBody()
                .jsonPath("$.originStatus")
                .isEqualTo(304);
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1", "\"v 1\"", "\"v1", "\"é\"", "w/\"v1\""})
    void anEntityTagThatIsNoneIsNotSentBack(String tag) {
        layDown("");
        origin.answers(
                "/v/a", 200, "made", Map.of("Cache-Control", "max-age=10, stale-while-revalidate=60", "ETag", tag));
        get("feed/keys/a").expectBody(String.class).isEqualTo("made");
        clock.advance(Duration.ofSeconds(11));
        get("feed/keys/a").expectBody(String.class).isEqualTo("made");
        await().atMost(PATIENCE).until(() -> origin.asked("/v/a") == 2);
        assertThat(origin.asked().getLast().headers().getFirst("If-None-Match")).isNull();
    }

    @Test
    void theOriginMayGiveTags() {
        layDown("");
        origin.answers("/v/a", 200, "A", Map.of("Cache-Tag", "news, front,,news", "Surrogate-Key", "user-1  user-2"));
        origin.answers("/v/b", 200, "B", Map.of("Cache-Tag", "news"));
        assertThat(header(get("feed/keys/a"), "Cache-Groups")).isEqualTo("\"front\", \"news\", \"user-1\", \"user-2\"");
        get("feed/keys/b").expectStatus().isOk();
        client().post()
                .uri(URI.create("http://127.0.0.1:" + port + "/api/v1/cache/purge"))
                .header(IdentityToken.HEADER, token(tenant, "cache:read", "cache:write"))
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue("{\"namespace\":\"feed\",\"tags\":[\"user-2\"]}".getBytes(StandardCharsets.UTF_8))
                .exchange()
                .expectStatus()
                .isAccepted();
        get("feed/keys/a").expectStatus().isOk();
        get("feed/keys/b").expectStatus().isOk();
        assertThat(origin.asked("/v/a")).isEqualTo(2);
        assertThat(origin.asked("/v/b")).isEqualTo(1);
    }

    /** A purge would not find it. */
    @Test
    void whatHasTagsThatCannotBeKeptIsNotKept() {
        layDown("");
        String many = IntStream.range(0, 33).mapToObj(i -> "t" + i).collect(Collectors.joining(","));
        for (String tags : new String[] {many, "x".repeat(129), "caf\u00e9"}) {
            origin.answers("/v/a", 200, "made", Map.of("Cache-Tag", tags));
            long before = origin.asked("/v/a");
            get("feed/keys/a").expectBody(String.class).isEqualTo("made");
            get("feed/keys/a").expectBody(String.class).isEqualTo("made");
            assertThat(origin.asked("/v/a")).isEqualTo(before + 2);
        }
    }

    @Test
    void keysAreOnePartOfTheUrl() {
        json(HttpMethod.PUT, "feed", "{\"origin\":{\"url\":\"" + origin.url("/v?id={key}&x=1") + "\"}}");
        origin.answers("/v?id=a%26x%3D2%20%C3%A9&x=1", 200, "made", Map.of());
        get("feed/keys/a&x=2%20%C3%A9").expectStatus().isOk();
        json(HttpMethod.POST, "feed/batch/get", "{\"keys\":[\"..\"]}")
                .expectBody()
                .jsonPath("$.items[0].status")
                .isEqualTo(502);
    }

    @Test
    void aBatchAsksTheOriginToo() {
        layDown("");
        origin.answers("/v/a", 200, "A", Map.of());
        origin.answers("/v/b", 500, "", Map.of());
        json(HttpMethod.POST, "feed/batch/get", "{\"keys\":[\"a\",\"b\",\"c\"]}")
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.items[0].value")
                .isEqualTo("QQ==")
                .jsonPath("$.items[0].cacheStatus")
                .isEqualTo("sluice; fwd=miss; detail=origin")
                .jsonPath("$.items[1].status")
                .isEqualTo(502)
                .jsonPath("$.items[2].status")
                .isEqualTo(404);
    }

    @Test
    void headersAreSentAndShownToNobody() {
        ResponseSpec laid =
                json(HttpMethod.PUT, "feed", document(",\"headers\":{\"Authorization\":\"" + SECRET_VALUE + "\"}"));
        laid.expectStatus()
                .isCreated()
                .expectBody()
                .jsonPath("$.origin.headers.Authorization")
                .isEqualTo("***");
        get("feed/keys/a");
        assertThat(origin.asked().getFirst().headers().getFirst("Authorization"))
                .isEqualTo(SECRET_VALUE);
        CacheNamespace record = namespaceLog.find(tenant + "|feed").orElseThrow();
        assertThat(record.getOrigin().getHeaders().values()).singleElement().satisfies(header -> {
            byte[] sealed = new byte[header.getCiphertext().remaining()];
            header.getCiphertext().duplicate().get(sealed);
            assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("origin");
        });
        assertThat(record.toString()).doesNotContain(SECRET_VALUE);
        // The mask stands for what is there.
        json(HttpMethod.PUT, "feed", document(",\"headers\":{\"authorization\":\"***\"}"))
                .expectStatus()
                .isOk();
        get("feed/keys/b");
        assertThat(origin.asked().getLast().headers().getFirst("Authorization")).isEqualTo(SECRET_VALUE);
        json(HttpMethod.PUT, "other", document(",\"headers\":{\"Authorization\":\"***\"}"))
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.field")
                .isEqualTo("origin.headers.Authorization");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"url\":\"http://10.0.0.1/{key}\"}|origin.url",
                "{\"url\":\"https://169.254.169.254/{key}\"}|origin.url",
                "{\"url\":\"https://localhost/{key}\"}|origin.url",
                "{\"url\":\"https://a.example.com/\"}|origin.url",
                "{\"url\":\"ftp://a.example.com/{key}\"}|origin.url",
                "{\"url\":\"https://a.example.com:22/{key}\"}|origin.url",
                "{\"url\":\"https://a.example.com/{key}\",\"hardTimeout\":\"PT31S\"}|origin.hardTimeout",
                "{\"url\":\"https://a.example.com/{key}\",\"softTimeout\":\"PT3S\",\"hardTimeout\":\"PT2S\"}|origin.softTimeout",
                "{\"url\":\"https://a.example.com/{key}\",\"headers\":{\"Host\":\"x\"}}|origin.headers.Host",
                "{\"url\":\"https://a.example.com/{key}\",\"headers\":{\"a\":\"x\\r\\ny\"}}|origin.headers.a",
                "{\"url\":\"https://a.example.com/{key}\",\"method\":\"POST\"}|origin.method",
                "{}|origin.url",
            })
    void refusesOriginsThatCannotBe(String asked, String field) {
        json(HttpMethod.PUT, "feed", "{\"origin\":" + asked + "}")
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.field")
                .isEqualTo(field);
    }

    private void layDown(String more) {
        json(HttpMethod.PUT, "feed", document(more)).expectStatus().isCreated();
    }

    private String document(String more) {
        return "{\"origin\":{\"url\":\"" + origin.url("/v/{key}") + "\"" + more + "}}";
    }

    private ResponseSpec json(HttpMethod method, String path, String json) {
        return client().method(method)
                .uri(uri(path))
                .header(IdentityToken.HEADER, token(tenant, "cache:read", "cache:write"))
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(json.getBytes(StandardCharsets.UTF_8))
                .exchange();
    }
}
