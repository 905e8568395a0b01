package dev.sluice.gateway.apikey;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A running gateway, as a client with a key sees it. */
final class Gateway {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final WebTestClient client;
    private final String admin;

    Gateway(int port, String admin) {
        this.client = WebTestClient.bindToServer()
                .baseUrl("http://127.0.0.1:" + port)
                .responseTimeout(Duration.ofMinutes(1))
                .build();
        this.admin = admin;
    }

    record Answer(int status, JsonNode body) {}

    /** Asks as administrator. */
    Answer ask(String method, String path, @Nullable String body) {
        return askAs(admin, method, path, MediaType.APPLICATION_JSON_VALUE, body);
    }

    Answer patch(String path, String body) {
        return askAs(admin, "PATCH", path, "application/merge-patch+json", body);
    }

    Answer askAs(String key, String method, String path, String type, @Nullable String body) {
        WebTestClient.RequestBodySpec request =
                client.method(HttpMethod.valueOf(method)).uri(path).header("Authorization", "Bearer " + key);
        if (body != null) {
            request.contentType(MediaType.parseMediaType(type)).bodyValue(body.getBytes(StandardCharsets.UTF_8));
        }
        EntityExchangeResult<byte[]> result = request.exchange().expectBody().returnResult();
        byte[] bytes = result.getResponseBody();
        JsonNode tree = bytes == null || bytes.length == 0 ? JSON.createObjectNode() : JSON.readTree(bytes);
        return new Answer(result.getStatus().value(), tree);
    }

    /** What a key gets that asks for something harmless: 404 when it is valid, 401 when it is not. */
    int statusOf(String key) {
        return askAs(key, "GET", "/api/v1/nothing", MediaType.APPLICATION_JSON_VALUE, null)
                .status();
    }

    void putTenant(String id) {
        assertThat(ask("PUT", "/api/v1/tenants/" + id, "{\"name\":\"Test\",\"tier\":\"unlimited\"}")
                        .status())
                .isEqualTo(201);
    }

    JsonNode createKey(String tenant) {
        Answer answer = ask(
                "POST",
                "/api/v1/keys",
                JSON.writeValueAsString(Map.of(
                        "tenant", tenant, "name", "test", "environment", "live", "scopes", List.of("cache:read"))));
        assertThat(answer.status()).isEqualTo(201);
        return answer.body();
    }
}
