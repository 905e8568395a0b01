package dev.sluice.cache;

import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.IdentityToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** What speaks to one node over HTTP, for one tenant. */
class CacheClient implements AutoCloseable {
    static final String SECRET = "an internal secret of enough bytes for tests";
    private static final String CACHE = "/api/v1/cache/";
    private static final String NAMESPACES = CACHE + "namespaces/";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final String tenant;
    private final int port;
    private final int managementPort;
    // Not the framework's client, which would share its event loops with the servers under test.
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** What a request was answered. */
    record Answer(int status, HttpHeaders headers, String body) {
        String header(String name) {
            return headers.firstValue(name).orElse("");
        }

        /** The one that the ETag names, 0 without one. */
        long version() {
            String tag = header("ETag");
            return tag.isEmpty() ? 0 : Long.parseLong(tag.substring(1, tag.length() - 1));
        }
    }

    CacheClient(String tenant, int port, int managementPort) {
        this.tenant = tenant;
        this.port = port;
        this.managementPort = managementPort;
    }

    Answer get(String path) {
        return send("GET", path, BodyPublishers.noBody(), Map.of());
    }

    CompletableFuture<Answer> getLater(String path) {
        return later(request("GET", NAMESPACES + path, BodyPublishers.noBody(), Map.of()));
    }

    CompletableFuture<Answer> putLater(String path, String value) {
        return later(request("PUT", NAMESPACES + path, BodyPublishers.ofString(value), Map.of()));
    }

    /** Nothing older than a version that the reader knows of. */
    Answer getAtLeast(String path, long version) {
        return send("GET", path, BodyPublishers.noBody(), Map.of("Cache-Min-Version", "\"" + version + "\""));
    }

    Answer put(String path, String value, Map<String, String> headers) {
        return send("PUT", path, BodyPublishers.ofString(value), headers);
    }

    Answer post(String path, String json) {
        return send("POST", path, BodyPublishers.ofString(json), Map.of("Content-Type", "application/json"));
    }

    Answer purge(String json) {
        return answer(request(
                "POST", CACHE + "purge", BodyPublishers.ofString(json), Map.of("Content-Type", "application/json")));
    }

    Answer warm(String json) {
        return answer(request(
                "POST", CACHE + "warm", BodyPublishers.ofString(json), Map.of("Content-Type", "application/json")));
    }

    /** How far a purge has come. */
    Answer purgeAt(String location) {
        return at(location);
    }

    Answer at(String location) {
        return answer(request("GET", location, BodyPublishers.noBody(), Map.of()));
    }

    /** The answer to a value that comes bit by bit. */
    CompletableFuture<Integer> putSlowly(String path, BodyPublisher value) {
        return client.sendAsync(request("PUT", NAMESPACES + path, value, Map.of()), BodyHandlers.discarding())
                .thenApply(HttpResponse::statusCode);
    }

    Answer delete(String path) {
        return send("DELETE", path, BodyPublishers.noBody(), Map.of());
    }

    /** How an administrator sees this node. */
    Answer info() {
        return answer(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + CACHE + "info"))
                .header(IdentityToken.HEADER, token("admin"))
                .timeout(PATIENCE)
                .build());
    }

    /** Status and body of a page on the operator's port. */
    Answer management(String path) {
        return answer(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort + path))
                .timeout(PATIENCE)
                .build());
    }

    boolean isReady() {
        return management("/actuator/health/readiness").status() == 200;
    }

    /** Whether this node answers from its own memory. */
    boolean followsTheLog() {
        return management("/actuator/health").body().contains("\"firstLevel\":\"answering\"");
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    private Answer send(String method, String path, BodyPublisher body, Map<String, String> headers) {
        return answer(request(method, NAMESPACES + path, body, headers));
    }

    private HttpRequest request(String method, String path, BodyPublisher body, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header(IdentityToken.HEADER, token())
                .timeout(PATIENCE);
        headers.forEach(request::header);
        return request.method(method, body).build();
    }

    private CompletableFuture<Answer> later(HttpRequest request) {
        return client.sendAsync(request, BodyHandlers.ofString())
                .thenApply(response -> new Answer(response.statusCode(), response.headers(), response.body()));
    }

    private Answer answer(HttpRequest request) {
        try {
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.headers(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private String token() {
        return token("cache:read", "cache:write");
    }

    private String token(String... scopes) {
        return new IdentityToken(SECRET, InstantSource.system())
                .sign(new Identity(tenant, "key-1", "free", Set.of(scopes)));
    }
}
