package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Promise 1: an event answered 202 reaches its endpoint, whichever process is killed meanwhile. */
class SurvivesKillIT {

    private static final int EVENTS = 120;
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final Platform platform = Platform.shared();
    private final Client client = platform.client("dev-unlimited");
    private final Set<String> received = ConcurrentHashMap.newKeySet();
    private final HttpServer endpoint;

    SurvivesKillIT() throws IOException {
        endpoint = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    }

    @BeforeEach
    void listen() {
        endpoint.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        endpoint.createContext("/", exchange -> {
            try (exchange) {
                String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                received.add(JsonMapper.shared().readTree(body).path("data").path("key").asString(""));
                exchange.sendResponseHeaders(204, -1);
            }
        });
        endpoint.start();
    }

    @AfterEach
    void stop() {
        endpoint.stop(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"api-gateway", "webhook-dispatcher", "cache-service", "metrics-aggregator", "kafka", "redis"})
    void deliversEveryAcceptedEventThoughAProcessIsKilled(String victim) {
        String type = "e2e.kill." + victim.replace('-', '_');
        String webhook = register(type);
        long before = platform.processId(victim);
        Set<String> accepted = ConcurrentHashMap.newKeySet();
        for (int i = 0; i < EVENTS; i++) {
            if (i == EVENTS / 3) {
                ProcessHandle.of(before).orElseThrow().destroyForcibly();
            }
            String key = victim + "-" + i;
            await().atMost(PATIENCE).until(() -> publish(type, key));
            accepted.add(key);
        }
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(received).containsAll(accepted));
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(platform.processId(victim))
                .isNotZero()
                .isNotEqualTo(before));
        await().atMost(PATIENCE).until(() -> answered("DELETE", "/api/v1/webhooks/" + webhook, "", 204));
    }

    private String register(String type) {
        String body = "{\"url\":\"http://127.0.0.1:%d/\",\"eventTypes\":[\"%s\"]}"
                .formatted(endpoint.getAddress().getPort(), type);
        Client.Answer answer = client.send("POST", "/api/v1/webhooks", "application/json", body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer.json().path("id").asString();
    }

    private boolean publish(String type, String key) {
        String event = "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"/e2e\",\"type\":\"%s\",\"data\":{\"key\":\"%s\"}}"
                .formatted(key, type, key);
        return answered("POST", "/api/v1/events", event, 202);
    }

    private boolean answered(String method, String path, String body, int status) {
        try {
            return client.sendOnce(
                                    method, path, body.isEmpty() ? "" : "application/json", body.getBytes(StandardCharsets.UTF_8), Map.of())
                            .status()
                    == status;
        } catch (IOException e) {
            return false;
        }
    }
}
