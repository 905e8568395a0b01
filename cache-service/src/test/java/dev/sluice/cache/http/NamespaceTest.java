package dev.sluice.cache.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.platform.web.IdentityToken;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;

/** What tenants lay down for namespaces, and that it holds. */
class NamespaceTest extends CacheHttpScenario {

    @Test
    void whatIsLaidDownIsShownUntilItIsTakenBack() {
        layDown("feed", "{\"defaultTtl\":\"PT1H\",\"maxValueBytes\":10}", NamespaceTest::plain)
                .expectStatus()
                .isCreated()
                .expectHeader()
                .valueEquals("Location", "/api/v1/cache/namespaces/feed")
                .expectBody()
                .jsonPath("$.name")
                .isEqualTo("feed")
                .jsonPath("$.defaultTtl")
                .isEqualTo("PT1H")
                .jsonPath("$.maxTtl")
                .doesNotExist();
        layDown("feed", "{\"defaultTtl\":\"PT2H\"}", NamespaceTest::plain)
                .expectStatus()
                .isOk();
        get("feed")
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.defaultTtl")
                .isEqualTo("PT2H")
                .jsonPath("$.maxValueBytes")
                .doesNotExist();
        delete("feed").expectStatus().isNoContent();
        get("feed").expectStatus().isNotFound();
        delete("feed").expectStatus().isNotFound();
    }

    @Test
    void listsThemByTheirNamesInPages() {
        for (String name : List.of("b", "c", "a")) {
            layDown(name, "{}", NamespaceTest::plain).expectStatus().isCreated();
        }
        list("limit=2")
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.data[*].name")
                .isEqualTo(List.of("a", "b"))
                .jsonPath("$.nextCursor")
                .isEqualTo("b");
        list("limit=2&cursor=b")
                .expectBody()
                .jsonPath("$.data[*].name")
                .isEqualTo(List.of("c"))
                .jsonPath("$.nextCursor")
                .doesNotExist();
    }

    @Test
    void changesOnlyTheVersionThatIsMeant() {
        String first = header(layDown("feed", "{}", NamespaceTest::plain), "ETag");
        layDown("feed", "{}", headers -> headers.set("If-None-Match", "*"))
                .expectStatus()
                .isEqualTo(412);
        String second = header(layDown("feed", "{}", headers -> headers.set("If-Match", first)), "ETag");
        assertThat(second).isNotEqualTo(first);
        layDown("feed", "{}", headers -> headers.set("If-Match", first))
                .expectStatus()
                .isEqualTo(412);
        send(HttpMethod.DELETE, "feed", headers -> headers.set("If-Match", first))
                .expectStatus()
                .isEqualTo(412);
        send(HttpMethod.DELETE, "feed", headers -> headers.set("If-Match", second))
                .expectStatus()
                .isNoContent();
    }

    @Test
    void valuesThatSayNothingLiveAsLongAsTheirNamespaceSays() {
        put("feed/keys/usual", "1", NamespaceTest::plain);
        layDown(
                "feed",
                "{\"defaultTtl\":\"PT1M\",\"staleWhileRevalidate\":\"PT10S\",\"staleIfError\":\"PT20S\"}",
                NamespaceTest::plain);
        put("feed/keys/a", "1", NamespaceTest::plain);
        put("feed/keys/b", "1", headers -> headers.setCacheControl("max-age=30, stale-if-error=5"));
        assertThat(header(get("feed/keys/usual"), "Cache-Control")).isEqualTo("max-age=86400");
        assertThat(header(get("feed/keys/a"), "Cache-Control"))
                .isEqualTo("max-age=60, stale-while-revalidate=10, stale-if-error=20");
        assertThat(header(get("feed/keys/b"), "Cache-Control"))
                .isEqualTo("max-age=30, stale-while-revalidate=10, stale-if-error=5");
        clock.advance(Duration.ofSeconds(61));
        assertThat(header(get("feed/keys/a"), "Cache-Status")).isEqualTo("sluice; hit; detail=stale");
        clock.advance(Duration.ofSeconds(20));
        get("feed/keys/a").expectStatus().isNotFound();
    }

    @Test
    void noValueLivesLongerThanItsNamespaceAllows() {
        layDown("feed", "{\"maxTtl\":\"PT1M\",\"staleIfError\":\"PT0S\"}", NamespaceTest::plain);
        put("feed/keys/a", "1", headers -> headers.setCacheControl("max-age=61"))
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.field")
                .isEqualTo("Cache-Control")
                .jsonPath("$.detail")
                .value(detail -> assertThat((String) detail).contains("from 1 to 60 seconds"));
        put("feed/keys/a", "1", NamespaceTest::plain).expectStatus().isCreated();
        assertThat(header(get("feed/keys/a"), "Cache-Control")).isEqualTo("max-age=60");
        put("feed/keys/b", "1", headers -> headers.setCacheControl("max-age=60, stale-if-error=1"))
                .expectStatus()
                .isBadRequest();
    }

    /** What nobody has asked for gives way to what somebody has. */
    @Test
    void usualStaleSpansAreCutToTheLongestLife() {
        layDown(
                "feed",
                "{\"defaultTtl\":\"PT10S\",\"maxTtl\":\"PT1M\",\"staleIfError\":\"PT50S\"}",
                NamespaceTest::plain);
        put("feed/keys/a", "1", headers -> headers.setCacheControl("max-age=55"));
        assertThat(header(get("feed/keys/a"), "Cache-Control")).isEqualTo("max-age=55, stale-if-error=5");
    }

    @Test
    void absencesAreKnownForATimeOfTheirOwn() {
        layDown("feed", "{\"negativeTtl\":\"PT5S\"}", NamespaceTest::plain);
        put("feed/keys/a", "", headers -> headers.set("Cache-Absent", "?1"));
        assertThat(header(get("feed/keys/a"), "Cache-Status")).isEqualTo("sluice; hit; detail=negative");
        clock.advance(Duration.ofSeconds(6));
        assertThat(header(get("feed/keys/a"), "Cache-Status")).isEqualTo("sluice; fwd=miss");
    }

    @Test
    void valuesAreNoLargerThanTheirNamespaceAllows() {
        layDown("feed", "{\"maxValueBytes\":3}", NamespaceTest::plain);
        put("feed/keys/a", "123", NamespaceTest::plain).expectStatus().isCreated();
        put("feed/keys/b", "1234", NamespaceTest::plain)
                .expectStatus()
                .isEqualTo(413)
                .expectBody()
                .jsonPath("$.detail")
                .value(detail -> assertThat((String) detail).contains("at most 3 bytes"));
        get("feed/keys/b").expectStatus().isNotFound();
        put("other/keys/b", "1234", NamespaceTest::plain).expectStatus().isCreated();
        json(
                        HttpMethod.POST,
                        "feed/batch/put",
                        "{\"items\":[{\"key\":\"c\",\"value\":\"MTIzNA==\"}]}",
                        NamespaceTest::plain)
                .expectBody()
                .jsonPath("$.items[0].status")
                .isEqualTo(413);
    }

    @Test
    void valuesEndIdleAsTheirNamespaceSays() {
        layDown("feed", "{\"maxIdle\":\"PT1M\"}", NamespaceTest::plain);
        put("feed/keys/a", "1", NamespaceTest::plain);
        put("feed/keys/b", "1", headers -> headers.setCacheControl("max-age=600, max-idle=300"));
        put("feed/keys/c", "1", headers -> headers.setCacheControl("max-age=600"));
        assertThat(header(get("feed/keys/a"), "Cache-Control")).isEqualTo("max-age=60, max-idle=60");
        assertThat(header(get("feed/keys/b"), "Cache-Control")).isEqualTo("max-age=300, max-idle=300");
        clock.advance(Duration.ofSeconds(76));
        get("feed/keys/a").expectStatus().isNotFound();
        get("feed/keys/c").expectStatus().isNotFound();
        get("feed/keys/b").expectStatus().isOk();
    }

    @Test
    void livesEndAsUnevenlyAsTheNamespaceSays() {
        layDown("feed", "{\"ttlJitter\":0.9}", NamespaceTest::plain);
        List<String> lives = IntStream.range(0, 50)
                .mapToObj(i -> {
                    put("feed/keys/k" + i, "1", headers -> headers.setCacheControl("max-age=1000000"));
                    put("other/keys/k" + i, "1", headers -> headers.setCacheControl("max-age=1000000"));
                    assertThat(header(get("other/keys/k" + i), "Cache-Control")).isEqualTo("max-age=1000000");
                    return header(get("feed/keys/k" + i), "Cache-Control");
                })
                .toList();
        assertThat(lives).doesNotHaveDuplicates();
    }

    @Test
    void whileRedisIsAwayTheNodeKeepsWhatItsNamespaceWantsKept() {
        layDown("feed", "{\"writesWithoutRedis\":\"first-level\"}", NamespaceTest::plain);
        put("feed/keys/a", "old", NamespaceTest::plain).expectStatus().isCreated();
        redis.leave();
        assertThat(header(put("feed/keys/b", "1", NamespaceTest::plain), "Warning"))
                .startsWith("199 sluice");
        assertThat(header(put("feed/keys/a", "new", NamespaceTest::plain), "Warning"))
                .startsWith("199 sluice");
        get("feed/keys/a").expectStatus().isOk().expectBody(String.class).isEqualTo("new");
        put("other/keys/a", "1", NamespaceTest::plain).expectStatus().isEqualTo(503);
        put("feed/keys/a", "1", headers -> headers.setIfMatch("\"5\""))
                .expectStatus()
                .isEqualTo(503);
        json(
                        HttpMethod.POST,
                        "feed/batch/put",
                        "{\"items\":[{\"key\":\"c\",\"value\":\"MQ==\"}]}",
                        NamespaceTest::plain)
                .expectBody()
                .jsonPath("$.items[0].status")
                .isEqualTo(201)
                .jsonPath("$.items[0].warning")
                .exists();
        redis.comeBack();
        clock.advance(Duration.ofSeconds(2));
        // Neither what it kept nor what was there before.
        await().atMost(PATIENCE)
                .until(() -> get("feed/keys/a")
                        .returnResult(byte[].class)
                        .getStatus()
                        .isSameCodeAs(HttpStatus.NOT_FOUND));
        for (int i = 0; i < 5; i++) {
            get("feed/keys/a").expectStatus().isNotFound();
        }
    }

    @Test
    void whatNoLogConfirmsNoNodeKeeps() {
        layDown("feed", "{\"writesWithoutRedis\":\"first-level\"}", NamespaceTest::plain);
        redis.leave();
        epochLog.becomeSilent();
        for (int i = 0; i < 8; i++) {
            put("feed/keys/a", "1", NamespaceTest::plain).expectStatus().isEqualTo(503);
        }
        get("feed/keys/a").expectStatus().isEqualTo(503);
    }

    @Test
    void tenantsKnowOfTheirOwnAlone() {
        layDown("feed", "{\"maxValueBytes\":3}", NamespaceTest::plain);
        Consumer<HttpHeaders> asAnother =
                headers -> headers.set(IdentityToken.HEADER, token(tenant + "-other", "cache:read", "cache:write"));
        send(HttpMethod.GET, "feed", asAnother).expectStatus().isNotFound();
        send(HttpMethod.DELETE, "feed", asAnother).expectStatus().isNotFound();
        put("feed/keys/a", "1234", asAnother).expectStatus().isCreated();
        get("feed").expectStatus().isOk();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"ttl\":\"PT1H\"}|ttl",
                "{\"defaultTtl\":3600}|defaultTtl",
                "{\"defaultTtl\":\"1h\"}|defaultTtl",
                "{\"defaultTtl\":\"PT0S\"}|defaultTtl",
                "{\"defaultTtl\":\"-PT1H\"}|defaultTtl",
                "{\"defaultTtl\":\"P31D\"}|defaultTtl",
                "{\"defaultTtl\":\"PT2H\",\"maxTtl\":\"PT1H\"}|defaultTtl",
                "{\"maxTtl\":\"PT0.5S\"}|maxTtl",
                "{\"negativeTtl\":\"PT2H\",\"maxTtl\":\"PT1H\"}|negativeTtl",
                "{\"staleWhileRevalidate\":\"P30D\"}|staleWhileRevalidate",
                "{\"staleIfError\":\"-PT1S\"}|staleIfError",
                "{\"staleIfError\":\"PT1S\",\"defaultTtl\":\"PT1H\",\"maxTtl\":\"PT1H\"}|staleIfError",
                "{\"ttlJitter\":1}|ttlJitter",
                "{\"ttlJitter\":-0.1}|ttlJitter",
                "{\"ttlJitter\":\"0.1\"}|ttlJitter",
                "{\"maxValueBytes\":0}|maxValueBytes",
                "{\"maxValueBytes\":1.5}|maxValueBytes",
                "{\"maxValueBytes\":1048577}|maxValueBytes",
                "{\"writesWithoutRedis\":\"keep\"}|writesWithoutRedis",
                "{\"maxEntries\":0}|maxEntries",
                "{\"maxEntries\":1125899906842625}|maxEntries",
                "{\"maxBytes\":-1}|maxBytes",
                "{\"maxBytes\":\"1 MB\"}|maxBytes",
                "{\"maxIdle\":\"PT0S\"}|maxIdle",
                "{\"maxIdle\":\"PT2H\",\"maxTtl\":\"PT1H\"}|maxIdle",
                "[]|body",
            })
    void refusesWhatCannotBeAndNamesTheField(String body, String field) {
        layDown("feed", body, NamespaceTest::plain)
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.field")
                .isEqualTo(field);
        get("feed").expectStatus().isNotFound();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Feed", "-feed", "fe%20ed"})
    void refusesNamesThatAreNone(String name) {
        layDown(name, "{}", NamespaceTest::plain)
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.field")
                .isEqualTo("namespace");
    }

    @Test
    void asksForTheScopeOfEachMethod() {
        layDown("feed", "{}", headers -> headers.set(IdentityToken.HEADER, token(tenant, "cache:read")))
                .expectStatus()
                .isForbidden();
        send(HttpMethod.GET, "feed", headers -> headers.set(IdentityToken.HEADER, token(tenant, "cache:write")))
                .expectStatus()
                .isForbidden();
    }

    private static void plain(HttpHeaders headers) {}

    private ResponseSpec layDown(String namespace, String json, Consumer<HttpHeaders> more) {
        return json(HttpMethod.PUT, namespace, json, more);
    }

    private ResponseSpec json(HttpMethod method, String path, String json, Consumer<HttpHeaders> more) {
        return client().method(method)
                .uri(uri(path))
                .header(IdentityToken.HEADER, token(tenant, "cache:read", "cache:write"))
                .contentType(MediaType.APPLICATION_JSON)
                .headers(more)
                .bodyValue(json.getBytes(StandardCharsets.UTF_8))
                .exchange();
    }

    private ResponseSpec list(String query) {
        String path = uri("").toString();
        return client().get()
                .uri(URI.create(path.substring(0, path.length() - 1) + "?" + query))
                .header(IdentityToken.HEADER, token(tenant, "cache:read"))
                .exchange();
    }
}
