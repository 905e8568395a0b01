package dev.sluice.standalone.key;

import dev.sluice.standalone.LaunchException;
import dev.sluice.standalone.state.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A client of the admin API with the patience that a platform which has just come up needs. */
final class AdminApi {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int RETRY_MILLIS = 100;

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();
    private final URI gateway;
    private final String key;

    AdminApi(URI gateway, String key) {
        this.gateway = gateway;
        this.key = key;
    }

    /** The body of a 2xx answer. Repeats while the gateway does not know the first key yet (401) or waits for Kafka (503). */
    String call(String method, String path, Map<String, Object> body) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(gateway.resolve(path))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofByteArray(Json.MAPPER.writeValueAsBytes(body)))
                .build();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (true) {
                HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
                int status = answer.statusCode();
                if (status / 100 == 2) {
                    return answer.body();
                }
                boolean mayPass = status == 401 || status == 503;
                if (!mayPass || System.nanoTime() - deadline > 0) {
                    throw new LaunchException(
                            "The gateway answered %d to %s %s: %s".formatted(status, method, path, answer.body()));
                }
                pause();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LaunchException("interrupted while making the development keys", e);
        }
    }

    private static void pause() throws InterruptedException {
        new CountDownLatch(1).await(RETRY_MILLIS, TimeUnit.MILLISECONDS);
    }
}
