package dev.sluice.metrics;

import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.IdentityToken;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks an aggregator as the gateway does for a tenant. */
record AggregatorCaller(int port, int managementPort, String secret, String tenant) {

    private static final int MAX_BYTES = 4 * 1024 * 1024;

    /** What is answered with 200. */
    JsonNode get(String path, String token) {
        return json(exchange(path, token).expectStatus().isOk());
    }

    JsonNode problem(String path, String token, int status) {
        return json(exchange(path, token)
                .expectStatus()
                .isEqualTo(status)
                .expectHeader()
                .contentType("application/problem+json"));
    }

    String management(String path) {
        String body = WebTestClient.bindToServer()
                .codecs(codecs -> codecs.defaultCodecs().maxInMemorySize(MAX_BYTES))
                .baseUrl("http://127.0.0.1:" + managementPort)
                .build()
                .get()
                .uri(path)
                .exchange()
                .expectBody(String.class)
                .returnResult()
                .getResponseBody();
        return body == null ? "" : body;
    }

    WebTestClient client() {
        return WebTestClient.bindToServer()
                .baseUrl("http://127.0.0.1:" + port)
                .responseTimeout(Duration.ofMinutes(1))
                .build();
    }

    String token(Set<String> scopes) {
        return new IdentityToken(secret, InstantSource.system()).sign(new Identity(tenant, "key-1", "free", scopes));
    }

    private ResponseSpec exchange(String path, String token) {
        return client().get()
                .uri(URI.create("http://127.0.0.1:" + port + path))
                .header(IdentityToken.HEADER, token)
                .exchange();
    }

    private static JsonNode json(ResponseSpec answer) {
        byte[] body = answer.expectBody().returnResult().getResponseBody();
        return JsonMapper.shared().readTree(body == null ? new byte[0] : body);
    }
}
