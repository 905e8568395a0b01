package dev.sluice.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.platform.kafka.LogTables;
import dev.sluice.platform.kafka.TopicProvisioner;
import dev.sluice.schemas.Topics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.springframework.core.env.Environment;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Sends events to the gateway under test. */
final class IngestClient {

    /** For what takes the test machine a while. */
    static final Duration PATIENCE = Duration.ofMinutes(2);

    /** More than twice the longest ack-timeout that a test sets: a request that takes longer fails the test. */
    private static final Duration ANSWER_WITHIN = Duration.ofMinutes(1);

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Environment environment;
    private final TopicProvisioner topics;
    private final LogTables tables;

    IngestClient(Environment environment, TopicProvisioner topics, LogTables tables) {
        this.environment = environment;
        this.topics = topics;
        this.tables = tables;
    }

    /** And the catalogue of event types, without which no event is taken. */
    void awaitTopics() {
        assertThat(topics.ready()).succeedsWithin(PATIENCE);
        await().atMost(PATIENCE).until(() -> tables.of(Topics.EVENT_TYPES).ready());
    }

    int port() {
        return Integer.parseInt(Objects.requireNonNull(environment.getProperty("local.server.port")));
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    /** Of an event or a batch, still without a body. */
    HttpRequest.Builder request(String type) {
        return HttpRequest.newBuilder(uri("/api/v1/events"))
                .timeout(ANSWER_WITHIN)
                .header("Content-Type", type);
    }

    HttpRequest.Builder post(String type, String body) {
        return request(type).POST(BodyPublishers.ofString(body));
    }

    static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    static CompletableFuture<HttpResponse<String>> sendAsync(HttpRequest.Builder request) {
        return HTTP.sendAsync(request.build(), BodyHandlers.ofString());
    }

    static JsonNode json(HttpResponse<String> response) {
        return JSON.readTree(response.body());
    }

    static void assertProblem(HttpResponse<String> response, int status, String code, String field) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        JsonNode problem = json(response);
        assertThat(problem.path("code").asString()).isEqualTo(code);
        assertThat(problem.path("field").asString("")).isEqualTo(field);
        assertThat(problem.path("detail").asString()).isNotBlank();
        assertThat(problem.path("requestId").asString()).isNotBlank();
    }
}
