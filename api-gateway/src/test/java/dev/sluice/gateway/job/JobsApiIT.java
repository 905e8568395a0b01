package dev.sluice.gateway.job;

import static dev.sluice.gateway.whole.WholeGateway.ADMIN_KEY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.whole.WholeGatewayTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole gateway on a real broker and a real Redis: uploads with keys and limits, and their jobs over HTTP. */
@WholeGatewayTest
class JobsApiIT {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Value("${local.server.port}")
    private int port;

    @Test
    void anUploadLargerThanAnyOtherBodyIsTakenAndItsJobIsItsTenantsAlone() throws Exception {
        String key = keyOf("uploads", "");
        String other = keyOf("others", "");
        HttpResponse<String> taken = upload(key, lines(1, 700, "x".repeat(1_600)));
        assertThat(taken.statusCode()).as(taken.body()).isEqualTo(202);
        String path = taken.headers().firstValue("Location").orElseThrow();
        JsonNode job = JSON.readTree(get(key, path).body());
        assertThat(job).isEqualTo(JSON.readTree(taken.body()));
        assertThat(job.path("lines").path("accepted").asInt()).isEqualTo(700);
        assertThat(JSON.readTree(get(key, "/api/v1/jobs").body()).path("data")).hasSize(1);
        assertThat(JSON.readTree(get(other, "/api/v1/jobs").body()).path("data"))
                .isEmpty();
        assertThat(withoutIds(get(other, path))).isEqualTo(withoutIds(get(other, "/api/v1/jobs/job_none")));
        assertThat(get(other, path).statusCode()).isEqualTo(404);
        assertThat(cancel(other, path).statusCode()).isEqualTo(404);
        assertThat(cancel(key, path).statusCode()).isEqualTo(409);
    }

    @Test
    void aQuotaThatRunsOutEndsAnUploadWhereItsJobSays() throws Exception {
        String key = keyOf(
                "limited-uploads",
                ",\"limits\":[{\"name\":\"events-day\",\"group\":\"events\",\"window\":\"day\",\"quota\":250}]");
        HttpResponse<String> refused = upload(key, lines(1, 1_000, "x"));
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(429);
        JsonNode job = JSON.readTree(refused.body()).path("job");
        assertThat(refused.headers().firstValue("Location"))
                .contains("/api/v1/jobs/" + job.path("id").asString());
        assertThat(job.path("state").asString()).isEqualTo("interrupted");
        assertThat(job.path("lines").path("accepted").asInt())
                .isPositive()
                .isLessThanOrEqualTo(250)
                .isEqualTo(job.path("lastLine").asInt());
    }

    private static String lines(int first, int last, String text) {
        return IntStream.rangeClosed(first, last)
                .mapToObj(i ->
                        "{\"specversion\":\"1.0\",\"type\":\"reading.taken\",\"data\":[" + i + ",\"" + text + "\"]}")
                .collect(Collectors.joining("\n"));
    }

    private static String withoutIds(HttpResponse<String> problem) {
        return problem.statusCode()
                + JSON.readTree(problem.body()).path("detail").asString();
    }

    /** Puts the tenant and makes a key of it. */
    private String keyOf(String tenant, String limits) throws Exception {
        send(request(ADMIN_KEY, "/api/v1/tenants/" + tenant)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString("{\"name\":\"T\",\"tier\":\"unlimited\"" + limits + "}")));
        HttpResponse<String> made = send(request(ADMIN_KEY, "/api/v1/keys")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"tenant\":\"" + tenant
                        + "\",\"name\":\"test\",\"environment\":\"live\",\"scopes\":[\"events:write\"]}")));
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        return JSON.readTree(made.body()).path("key").asString();
    }

    private HttpResponse<String> upload(String key, String body) throws Exception {
        return send(request(key, "/api/v1/events/import")
                .header("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> cancel(String key, String path) throws Exception {
        return send(request(key, path + "/cancel").POST(BodyPublishers.noBody()));
    }

    private HttpResponse<String> get(String key, String path) throws Exception {
        return send(request(key, path).GET());
    }

    private HttpRequest.Builder request(String key, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofMinutes(1))
                .header("Authorization", "Bearer " + key);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }
}
