package dev.sluice.cache.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.cache.origin.FakeOrigin;
import dev.sluice.platform.kafka.test.FakeLogTable;
import dev.sluice.platform.web.IdentityToken;
import dev.sluice.record.Job;
import dev.sluice.record.JobProgress;
import dev.sluice.record.JobState;
import dev.sluice.schemas.Topics;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Values that are taken in before anybody asks for them. */
class WarmTest extends CacheHttpScenario {

    private static final String WARM = "/api/v1/cache/warm";

    private final FakeOrigin origin = new FakeOrigin();

    @Autowired
    FakeLogTable<Job> jobLog;

    @Autowired
    FakeLogTable<JobProgress> progressLog;

    @AfterEach
    void closeOrigin() {
        origin.close();
    }

    @Test
    void aListIsLoadedFromTheOriginAndCounted() {
        layDown();
        origin.answers("/v/a", 200, "A", Map.of());
        origin.answers("/v/b", 500, "", Map.of());
        put("feed/keys/put", "P", headers -> {});
        JsonNode begun =
                begin("{\"namespace\":\"feed\",\"strategy\":\"list\",\"keys\":[\"a\",\"b\",\"none\",\"put\",\"a\"]}");
        assertThat(begun.path("state").asString()).isEqualTo("running");
        assertThat(begun.path("total").asLong()).isEqualTo(4);
        JsonNode over = awaitOver(begun);
        assertThat(over.path("state").asString()).isEqualTo("succeeded");
        assertThat(over.path("done").asLong()).isEqualTo(1);
        assertThat(over.path("skipped").asLong()).isEqualTo(2);
        assertThat(over.path("failed").asLong()).isEqualTo(1);
        assertThat(over.path("errors").path(0).path("key").asLong()).isEqualTo(2);
        assertThat(over.path("errors").path(0).path("code").asString()).isEqualTo("bad_gateway");
        assertThat(header(get("feed/keys/a"), "Cache-Status")).isEqualTo("sluice; hit; detail=l1");
        assertThat(origin.asked("/v/a")).isEqualTo(1);
    }

    @Test
    void withoutAnOriginValuesComeFromTheSharedLevel() {
        JsonNode over = awaitOver(begin("{\"namespace\":\"feed\",\"strategy\":\"list\",\"keys\":[\"none\"]}"));
        assertThat(over.path("skipped").asLong()).isEqualTo(1);
        redis.leave();
        JsonNode failed = awaitOver(begin("{\"namespace\":\"feed\",\"strategy\":\"list\",\"keys\":[\"none\"]}"));
        assertThat(failed.path("errors").path(0).path("code").asString()).isEqualTo("unavailable");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"application/json|[\"a\",\"b\",7,\"c\"]", "text/plain|a\\nb\\r\\n\\nc\\n"},
            ignoreLeadingAndTrailingWhitespace = false)
    void theOriginMayHaveTheKeys(String type, String document) {
        layDown();
        origin.answers("/keys", 200, document.replace("\\n", "\n").replace("\\r", "\r"), Map.of("Content-Type", type));
        origin.answers("/v/a", 200, "A", Map.of());
        origin.answers("/v/b", 200, "B", Map.of());
        JsonNode over = awaitOver(begin("{\"namespace\":\"feed\",\"strategy\":\"origin\",\"url\":\""
                + origin.url("/keys") + "\",\"limit\":2}"));
        assertThat(over.path("state").asString()).isEqualTo("succeeded");
        assertThat(over.path("total").asLong()).isEqualTo(2);
        assertThat(over.path("done").asLong()).isEqualTo(2);
    }

    @Test
    void aJobWhoseKeysAreNowhereFails() {
        layDown();
        JsonNode over = awaitOver(
                begin("{\"namespace\":\"feed\",\"strategy\":\"origin\",\"url\":\"" + origin.url("/keys") + "\"}"));
        assertThat(over.path("state").asString()).isEqualTo("failed");
        assertThat(over.path("message").asString()).contains("nothing under the URL");
    }

    @Test
    void stopsBeforeTheNextKeyWhenItIsCancelled() {
        layDown();
        origin.hold();
        JsonNode job = begin("{\"namespace\":\"feed\",\"strategy\":\"list\",\"keys\":[\"a\",\"b\",\"c\",\"d\"],"
                + "\"concurrency\":1}");
        await().atMost(PATIENCE).until(() -> origin.asked("/v/a") == 1);
        ask(HttpMethod.POST, path(job) + "/cancel", "").expectStatus().isAccepted();
        origin.letGo();
        assertThat(awaitOver(job).path("state").asString()).isEqualTo("cancelled");
        assertThat(origin.asked("/v/d")).isZero();
        ask(HttpMethod.POST, path(job) + "/cancel", "").expectStatus().isEqualTo(409);
    }

    /** As when the node that worked on it was killed. */
    @Test
    void aJobOfANodeThatIsGoneIsTakenUpWhereItWas() {
        layDown();
        origin.answers("/v/b", 200, "B", Map.of());
        String id = UUID.randomUUID().toString();
        Job job = Job.newBuilder()
                .setId(id)
                .setTenant(tenant)
                .setKind("cache.warm")
                .setParameters(Map.of(
                        "namespace", "feed", "strategy", "list", "keys", "a\nb", "concurrency", "1", "perSecond", "9"))
                .setCreatedBy("key-1")
                .setCreatedAt(clock.instant())
                .build();
        jobLog.put(id, job).join();
        progressLog
                .put(
                        id,
                        JobProgress.newBuilder()
                                .setJobId(id)
                                .setTenant(tenant)
                                .setState(JobState.RUNNING)
                                .setDone(1)
                                .setTotal(2L)
                                .setFailed(0)
                                .setCounts(Map.of("settled", 1L))
                                .setAt(clock.instant().minus(Duration.ofSeconds(6)))
                                .build())
                .join();
        await().atMost(PATIENCE)
                .until(() -> view(WARM + "/" + id).path("state").asString().equals("succeeded"));
        assertThat(view(WARM + "/" + id).path("done").asLong()).isEqualTo(2);
        assertThat(origin.asked("/v/a")).isZero();
        assertThat(origin.asked("/v/b")).isEqualTo(1);
    }

    /** As when a node starts: what it finds on the log was over long before. */
    @Test
    void aJobForTheStartOfNodesIsDoneAgainOnce() {
        layDown();
        origin.answers("/keys", 200, "[\"b\"]", Map.of("Content-Type", "application/json"));
        origin.answers("/v/b", 200, "B", Map.of());
        Map<String, String> parameters = Map.of(
                "namespace",
                "feed",
                "strategy",
                "origin",
                "url",
                origin.url("/keys"),
                "keys",
                "a",
                "limit",
                "9",
                "concurrency",
                "1",
                "perSecond",
                "9",
                "atStart",
                "true");
        String due = overLongAgo(parameters);
        Map<String, String> cancelled = new HashMap<>(parameters);
        cancelled.put("cancel", "requested");
        String notAnyMore = overLongAgo(cancelled);
        Map<String, String> unmarked = new HashMap<>(parameters);
        unmarked.remove("atStart");
        String once = overLongAgo(unmarked);

        await().atMost(PATIENCE)
                .until(() -> view(WARM + "/" + due).path("done").asLong() == 1
                        && view(WARM + "/" + due).path("state").asString().equals("succeeded"));

        // The keys were looked for anew.
        assertThat(origin.asked("/v/b")).isEqualTo(1);
        assertThat(origin.asked("/v/a")).isZero();
        assertThat(view(WARM + "/" + due).path("atStart").asBoolean()).isTrue();
        assertThat(view(WARM + "/" + due).path("startedAt").asString())
                .isNotEqualTo(view(WARM + "/" + due).path("createdAt").asString());
        // Not again at the next two looks, of which those tell that are begun by them.
        for (String place : new String[] {"/keys-2", "/keys-3"}) {
            origin.answers(place, 200, "[]", Map.of("Content-Type", "application/json"));
            Map<String, String> next = new HashMap<>(parameters);
            next.put("url", origin.url(place));
            String _ = overLongAgo(next);
            await().atMost(PATIENCE).until(() -> origin.asked(place) == 1);
        }
        assertThat(origin.asked("/keys")).isEqualTo(1);
        for (String other : new String[] {notAnyMore, once}) {
            assertThat(view(WARM + "/" + other).path("done").asLong()).isEqualTo(7);
            assertThat(view(WARM + "/" + other).path("atStart").asBoolean()).isFalse();
        }
    }

    private String overLongAgo(Map<String, String> parameters) {
        return over(parameters, clock.instant().minus(Duration.ofDays(1_000)));
    }

    private String over(Map<String, String> parameters, Instant then) {
        return new JobsOver(jobLog, progressLog, tenant).lay(parameters, then);
    }

    @Test
    void aNamespaceHasOneJobForTheStartOfNodesAndItsCancellationEndsThat() {
        String asked = "{\"namespace\":\"feed\",\"strategy\":\"list\",\"keys\":[\"a\"],\"atStart\":true}";
        JsonNode first = awaitOver(begin(asked));
        assertThat(first.path("atStart").asBoolean()).isTrue();
        JsonNode second = awaitOver(begin(asked));
        assertThat(view(path(first)).path("atStart").asBoolean()).isFalse();
        assertThat(view(path(second)).path("atStart").asBoolean()).isTrue();
        ask(HttpMethod.POST, path(second) + "/cancel", "").expectStatus().isAccepted();
        assertThat(view(path(second)).path("atStart").asBoolean()).isFalse();
        assertThat(view(path(second)).path("state").asString()).isEqualTo("succeeded");
        ask(HttpMethod.POST, path(second) + "/cancel", "").expectStatus().isEqualTo(409);
    }

    @Test
    void noMoreNamespacesAreWarmedAtTheStartThanATenantMayHave() {
        for (int i = 0; i < 20; i++) {
            String _ = over(
                    Map.of("namespace", "n" + i, "strategy", "list", "keys", "a", "atStart", "true"), clock.instant());
        }
        ask(HttpMethod.POST, WARM, "{\"namespace\":\"more\",\"strategy\":\"list\",\"keys\":[\"a\"],\"atStart\":true}")
                .expectStatus()
                .isEqualTo(409);
        awaitOver(begin("{\"namespace\":\"n3\",\"strategy\":\"list\",\"keys\":[\"a\"],\"atStart\":true}"));
        awaitOver(begin("{\"namespace\":\"more\",\"strategy\":\"list\",\"keys\":[\"a\"]}"));
    }

    @Test
    void jobsAreListedNewestFirstAndKnownToTheirTenantAlone() {
        JsonNode first = begin("{\"namespace\":\"feed\",\"strategy\":\"list\",\"keys\":[\"a\"]}");
        clock.advance(Duration.ofSeconds(1));
        JsonNode second = begin("{\"namespace\":\"feed\",\"strategy\":\"list\",\"keys\":[\"a\"]}");
        JsonNode page = view(WARM + "?limit=1");
        assertThat(page.path("data").path(0).path("id").asString())
                .isEqualTo(second.path("id").asString());
        JsonNode next = view(WARM + "?limit=1&cursor=" + page.path("nextCursor").asString());
        assertThat(next.path("data").path(0).path("id").asString())
                .isEqualTo(first.path("id").asString());
        for (String path : new String[] {path(first), path(first) + "/cancel"}) {
            client().method(path.endsWith("cancel") ? HttpMethod.POST : HttpMethod.GET)
                    .uri(URI.create("http://127.0.0.1:" + port + path))
                    .header(IdentityToken.HEADER, token(tenant + "-other", "cache:read", "cache:write"))
                    .exchange()
                    .expectStatus()
                    .isNotFound();
        }
    }

    /** Nobody wanted the values: rates of hits are about those who do. */
    @Test
    void warmingCountsAsNoRead() {
        layDown();
        origin.answers("/v/a", 200, "A", Map.of());
        awaitOver(begin("{\"namespace\":\"feed\",\"strategy\":\"list\",\"keys\":[\"a\"]}"));
        put("other/keys/b", "1", headers -> {});
        get("other/keys/b");
        await().atMost(PATIENCE).until(() -> reads("other") > 0);
        assertThat(reads("feed")).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"strategy\":\"list\",\"keys\":[\"a\"]}|namespace",
                "{\"namespace\":\"Feed\",\"strategy\":\"list\",\"keys\":[\"a\"]}|namespace",
                "{\"namespace\":\"feed\",\"strategy\":\"all\"}|strategy",
                "{\"namespace\":\"feed\",\"strategy\":\"list\"}|keys",
                "{\"namespace\":\"feed\",\"strategy\":\"list\",\"keys\":[]}|keys",
                "{\"namespace\":\"feed\",\"strategy\":\"list\",\"keys\":[\"\"]}|keys[0]",
                "{\"namespace\":\"feed\",\"strategy\":\"list\",\"keys\":[\"a\",\"b\\u0000\"]}|keys[1]",
                "{\"namespace\":\"feed\",\"strategy\":\"list\",\"keys\":[\"a\"],\"limit\":1}|limit",
                "{\"namespace\":\"feed\",\"strategy\":\"log\",\"keys\":[\"a\"]}|keys",
                "{\"namespace\":\"feed\",\"strategy\":\"log\",\"limit\":10001}|limit",
                "{\"namespace\":\"feed\",\"strategy\":\"origin\",\"url\":\"https://a.example.com/\"}|strategy",
                "{\"namespace\":\"feed\",\"strategy\":\"origin\"}|url",
                "{\"namespace\":\"feed\",\"strategy\":\"list\",\"keys\":[\"a\"],\"concurrency\":65}|concurrency",
                "{\"namespace\":\"feed\",\"strategy\":\"list\",\"keys\":[\"a\"],\"perSecond\":0}|perSecond",
                "{\"namespace\":\"feed\",\"strategy\":\"list\",\"keys\":[\"a\"],\"more\":1}|more",
            })
    void refusesWhatCannotBeAndNamesTheField(String body, String field) {
        ask(HttpMethod.POST, WARM, body)
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.field")
                .isEqualTo(field);
    }

    /** Its headers would go there too. */
    @Test
    void theListOfKeysIsWhereTheOriginIs() {
        layDown();
        for (String url :
                new String[] {"https://a.example.com/keys", origin.url("") + "0/keys", origin.url("@x.example/")}) {
            ask(HttpMethod.POST, WARM, "{\"namespace\":\"feed\",\"strategy\":\"origin\",\"url\":\"" + url + "\"}")
                    .expectStatus()
                    .isBadRequest()
                    .expectBody()
                    .jsonPath("$.field")
                    .isEqualTo("url");
        }
    }

    private void layDown() {
        client().put()
                .uri(uri("feed"))
                .header(IdentityToken.HEADER, token(tenant, "cache:read", "cache:write"))
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue("{\"origin\":{\"url\":\"" + origin.url("/v/{key}") + "\"}}")
                .exchange()
                .expectStatus()
                .isCreated();
    }

    private JsonNode begin(String body) {
        return json(ask(HttpMethod.POST, WARM, body).expectStatus().isAccepted());
    }

    private JsonNode awaitOver(JsonNode job) {
        await().atMost(PATIENCE)
                .until(() -> !view(path(job)).path("state").asString().equals("running"));
        return view(path(job));
    }

    private JsonNode view(String path) {
        return json(ask(HttpMethod.GET, path, "").expectStatus().isOk());
    }

    private static JsonNode json(ResponseSpec answer) {
        byte[] body = answer.expectBody().returnResult().getResponseBody();
        return JsonMapper.shared().readTree(body == null ? new byte[0] : body);
    }

    private static String path(JsonNode job) {
        return WARM + "/" + job.path("id").asString();
    }

    private ResponseSpec ask(HttpMethod method, String path, String body) {
        var request = client().method(method)
                .uri(URI.create("http://127.0.0.1:" + port + path))
                .header(IdentityToken.HEADER, token(tenant, "cache:read", "cache:write"));
        return body.isEmpty()
                ? request.exchange()
                : request.contentType(MediaType.APPLICATION_JSON)
                        .bodyValue(body.getBytes(StandardCharsets.UTF_8))
                        .exchange();
    }

    private long reads(String namespace) {
        String prefix = tenant + "|" + namespace + "|";
        return producer.history().stream()
                .filter(record -> record.topic().equals(Topics.CACHE_READS.name()))
                .filter(record -> new String(record.key(), StandardCharsets.UTF_8).startsWith(prefix))
                .count();
    }
}
