package dev.sluice.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.metrics.topology.Batches;
import dev.sluice.platform.kafka.LogSearch;
import dev.sluice.platform.web.IdentityToken;
import dev.sluice.record.CacheOutcome;
import dev.sluice.record.CacheRead;
import dev.sluice.schemas.Topics;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Figures as they come, and figures that begin anew. */
class LiveFiguresIT extends WholeAggregator {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String STREAM = "/api/v1/cache/stats/stream";

    @Autowired
    private LogSearch search;

    /** Something that was heard on a stream. */
    private record Heard(String id, String event, JsonNode data) {}

    @Test
    void tellsEachWindowOnceAlsoToWhoComesBack() throws Exception {
        Instant minuteAgo = Instant.now().minus(Duration.ofMinutes(1));
        publish(
                Batches.of(
                        tenant, "feed", "user:*", minuteAgo, read(CacheOutcome.L1_HIT, 1), read(CacheOutcome.MISS, 9)),
                Batches.of(tenant, "feed", "user:*", Instant.now(), read(CacheOutcome.MISS, 9)));
        awaitReads("/api/v1/cache/stats", 3);
        long before = minuteAgo.getEpochSecond() / 10 * 10 - 10;

        List<Heard> first = hear("PT10S." + before, 3);
        assertThat(first).extracting(Heard::event).containsOnly("rollup");
        assertThat(first.getFirst().data().path("total_requests").asLong()).isEqualTo(2);
        assertThat(first.getFirst().data().path("hit_rate").asDouble()).isEqualTo(0.5);
        assertThat(first.getFirst().data().path("start").asString())
                .isEqualTo(Instant.ofEpochSecond(before + 10).toString());
        assertThat(first)
                .extracting(heard -> heard.data().path("end").asString())
                .doesNotHaveDuplicates();

        List<Heard> rest = hear(first.get(1).id(), 1);
        assertThat(rest.getFirst().data()).isEqualTo(first.get(2).data());
    }

    @Test
    void tellsWhatIsNotKeptAnyMore() throws Exception {
        long longAgo = Instant.now().minus(Duration.ofHours(3)).getEpochSecond() / 10 * 10;
        Heard gap = hear("PT10S." + longAgo, 1).getFirst();
        assertThat(gap.event()).isEqualTo("gap");
        assertThat(gap.data().path("reason").asString()).isEqualTo("expired");
        assertThat(gap.data().path("from").asString())
                .isEqualTo(Instant.ofEpochSecond(longAgo + 10).toString());
    }

    @Test
    void refusesIdsThatAreNone() throws Exception {
        for (String id : List.of("x", "PT10S.5", "PT1M.1763856000", "PT10S.99999999999")) {
            HttpResponse<String> answer = HTTP.send(
                    request(STREAM, Set.of("metrics:read"))
                            .header("Last-Event-ID", id)
                            .build(),
                    BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(id).isEqualTo(400);
            assertThat(answer.body()).contains("invalid_header").contains("Last-Event-ID");
        }
        assertThat(getProblem(STREAM + "?interval=PT1H", 400).path("field").asString())
                .isEqualTo("interval");
        assertThat(getProblem(STREAM + "?window=PT1H", 400).path("field").asString())
                .isEqualTo("query");
    }

    @Test
    void aResetLeavesWhatWasCountedToTheSeries() throws Exception {
        publish(Batches.of(tenant, "feed", "user:*", Instant.now(), read(CacheOutcome.MISS, 1)));
        awaitReads("/api/v1/cache/stats", 1);
        assertThat(reset(Set.of("metrics:read")).statusCode()).isEqualTo(403);

        HttpResponse<String> answer = reset(Set.of("admin"));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode set = JsonMapper.shared().readTree(answer.body());
        Instant countedFrom = Instant.parse(set.path("counted_from").asString());
        assertThat(countedFrom).isAfter(Instant.parse(set.path("reset_at").asString()));
        assertThat(countedFrom.getEpochSecond() % 60).isZero();

        JsonNode stats = get("/api/v1/cache/stats");
        assertThat(stats.path("total_requests").asLong(-1)).isZero();
        assertThat(get("/api/v1/cache/stats/patterns").path("total").asLong(-1)).isZero();
        assertThat(get("/api/v1/cache/health").path("status").asString()).isEqualTo("healthy");
        assertThat(get("/api/v1/cache/stats/series?interval=PT10S")
                        .path("series")
                        .valueStream()
                        .mapToLong(point -> point.path("total_requests").asLong())
                        .sum())
                .as("facts stay")
                .isEqualTo(1);

        assertThat(reset(Set.of("admin")).statusCode()).isEqualTo(200);
    }

    @Test
    void aVerdictThatChangesIsAnEventOfTheTenant() {
        assertThat(get("/api/v1/monitoring/alerts").path("data").size()).isZero();
        CacheRead[] misses = new CacheRead[10];
        Arrays.setAll(misses, i -> read(CacheOutcome.MISS, 1));
        publish(Batches.of(tenant, "feed", "user:*", Instant.now(), misses));
        await().atMost(PATIENCE)
                .until(() -> get("/api/v1/monitoring/alerts").path("data").size() == 1);
        JsonNode alert = get("/api/v1/monitoring/alerts").path("data").get(0);
        assertThat(alert.path("subject").asString()).isEqualTo("cache");
        assertThat(alert.path("status").asString()).isEqualTo("degraded");
        assertThat(alert.path("previous").asString()).isEqualTo("healthy");
        assertThat(alert.path("message").asString()).isEqualTo("hit rate is 0.0 %; it should be at least 50 %.");
        assertThat(getProblem("/api/v1/monitoring/alerts?a=b", 400)
                        .path("field")
                        .asString())
                .isEqualTo("query");

        Instant since = Instant.parse(alert.path("since").asString());
        String key = tenant + "|health/cache";
        await().atMost(PATIENCE)
                .until(() -> search.find(
                                Topics.EVENTS,
                                key,
                                since.minus(Duration.ofMinutes(1)),
                                event -> event.getType().equals("cache.health.degraded")
                                        && event.getTime().equals(since))
                        .isPresent());
    }

    @Test
    void aPageShowsItWithoutAnythingFromElsewhere() throws Exception {
        HttpResponse<String> page =
                HTTP.send(request("/api/v1/monitoring/dashboard", Set.of()).build(), BodyHandlers.ofString());
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type")).contains("text/html;charset=utf-8");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                .startsWith("default-src 'none'")
                .contains("script-src 'sha256-")
                .contains("connect-src 'self'")
                .doesNotContain("unsafe");
        assertThat(page.body())
                .contains("<html lang=\"en\">")
                .contains("What wastes the cache")
                .doesNotContain("innerHTML")
                .doesNotContain("src=")
                .doesNotContain(tenant);
    }

    private HttpResponse<String> reset(Set<String> scopes) throws Exception {
        return HTTP.send(
                request("/api/v1/cache/reset-metrics", scopes)
                        .POST(BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path, Set<String> scopes) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header(IdentityToken.HEADER, caller().token(scopes))
                .timeout(PATIENCE);
    }

    /** The first so many events behind an id. */
    private List<Heard> hear(String behind, int events) throws Exception {
        HttpResponse<InputStream> answer = HTTP.send(
                request(STREAM, Set.of("metrics:read"))
                        .header("Last-Event-ID", behind)
                        .build(),
                BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
        List<Heard> heard = new ArrayList<>();
        try (var lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            String id = "";
            String event = "";
            for (String line = lines.readLine(); heard.size() < events; line = lines.readLine()) {
                assertThat(line).as("the stream goes on").isNotNull();
                if (line.startsWith("id:")) {
                    id = line.substring(3);
                } else if (line.startsWith("event:")) {
                    event = line.substring(6);
                } else if (line.startsWith("data:")) {
                    heard.add(new Heard(id, event, JsonMapper.shared().readTree(line.substring(5))));
                }
            }
        }
        return heard;
    }
}
