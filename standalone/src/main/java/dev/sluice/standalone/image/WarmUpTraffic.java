package dev.sluice.standalone.image;

import dev.sluice.standalone.platform.Application;
import dev.sluice.standalone.platform.RunningPlatform;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** A little of each kind of request, so that the recorded caches also hold what the first requests load. */
final class WarmUpTraffic {

    private static final int ROUNDS = 20;

    private WarmUpTraffic() {}

    /** Answers do not matter here: only that the code has run. */
    static void send(RunningPlatform platform) throws IOException {
        String key = platform.keys().ofTier("unlimited").key();
        URI gateway = platform.gateway();
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            for (int i = 0; i < ROUNDS; i++) {
                call(client, key, "POST", gateway.resolve("/api/v1/events"), """
                        {"specversion":"1.0","type":"order.created","data":{"n":%d}}""".formatted(i));
                call(client, key, "PUT", gateway.resolve("/api/v1/cache/namespaces/warm/keys/k" + i), "value");
                call(client, key, "GET", gateway.resolve("/api/v1/cache/namespaces/warm/keys/k" + i), "");
                call(client, key, "GET", gateway.resolve("/api/v1/cache/stats"), "");
                call(client, key, "GET", gateway.resolve("/api/v1/webhooks"), "");
            }
            for (Application application : Application.values()) {
                call(client, key, "GET", URI.create(platform.actuator(application) + "/prometheus"), "");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void call(HttpClient client, String key, String method, URI address, String body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(Duration.ofSeconds(10))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body))
                .build();
        client.send(request, HttpResponse.BodyHandlers.discarding());
    }
}
