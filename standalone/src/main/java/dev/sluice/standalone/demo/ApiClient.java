package dev.sluice.standalone.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/** A client of the gateway with one API key, as a customer would write it: it repeats what got no answer or a 5xx. */
final class ApiClient {

    private static final ObjectMapper JSON = JsonMapper.shared();
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final HttpClient http;
    private final URI gateway;
    private final @Nullable String key;

    /** Without a key, as the management ports want it. */
    ApiClient(URI server) {
        this(server, null);
    }

    ApiClient(URI gateway, @Nullable String key) {
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .build();
        this.gateway = gateway;
        this.key = key;
    }

    /** An answer; {@code body} is never null, but may be empty. */
    record Answer(int status, HttpResponse<byte[]> response) {

        JsonNode json() {
            return JSON.readTree(response.body());
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        String text() {
            return new String(response.body(), StandardCharsets.UTF_8);
        }
    }

    /** Sends once. */
    Answer send(String method, String path, String contentType, byte[] body) throws IOException, InterruptedException {
        return send(method, path, contentType, body, Map.of());
    }

    Answer send(String method, String path, String contentType, byte[] body, Map<String, String> headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(gateway.resolve(path)).timeout(Duration.ofSeconds(20));
        if (key != null) {
            request.header("Authorization", "Bearer " + key);
        }
        headers.forEach(request::header);
        if (body.length == 0) {
            request.method(method, BodyPublishers.noBody());
        } else {
            request.header("Content-Type", contentType).method(method, BodyPublishers.ofByteArray(body));
        }
        HttpResponse<byte[]> response = http.send(request.build(), BodyHandlers.ofByteArray());
        return new Answer(response.statusCode(), response);
    }

    /** Sends again after a broken connection, a 429 or a 5xx, until there is another answer or patience ends. */
    Answer sendUntilAnswered(String method, String path, String contentType, byte[] body) {
        return sendUntilAnswered(method, path, contentType, body, Map.of());
    }

    Answer sendUntilAnswered(String method, String path, String contentType, byte[] body, Map<String, String> headers) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        String last = "no answer";
        while (System.nanoTime() < deadline) {
            try {
                Answer answer = send(method, path, contentType, body, headers);
                if (answer.status() < 500 && answer.status() != 429) {
                    return answer;
                }
                last = answer.status() + " " + answer.text();
            } catch (IOException e) {
                last = e.toString();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new DemoFailedException("interrupted", e);
            }
            Waiting.pause(Duration.ofMillis(200));
        }
        throw new DemoFailedException(method + " " + path + " was not answered in " + PATIENCE + ": " + last);
    }

    JsonNode json(String method, String path, String body, int expectedStatus) {
        Answer answer = sendUntilAnswered(method, path, "application/json", body.getBytes(StandardCharsets.UTF_8));
        if (answer.status() != expectedStatus) {
            throw new DemoFailedException(method + " " + path + " answered " + answer.status() + " instead of "
                    + expectedStatus + ": " + answer.text());
        }
        return answer.response().body().length == 0 ? JSON.createObjectNode() : answer.json();
    }
}
