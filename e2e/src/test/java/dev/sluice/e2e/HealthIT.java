package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The checks of all services are seen in one place. */
class HealthIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String DETAILED = "/api/v1/monitoring/health/detailed";

    private final Client admin = Platform.shared().client("admin");

    @Test
    void everyServiceSaysHowItIs() {
        Map<String, List<String>> expected = Map.of(
                "api-gateway", List.of("kafka", "redis", "disk", "memory"),
                "cache-service", List.of("kafka", "redis", "disk", "memory"),
                "webhook-dispatcher", List.of("kafka", "lag", "disk", "memory"),
                "metrics-aggregator", List.of("kafka", "windows", "lag", "disk", "memory"));
        // Other tests end services and Redis; both come back.
        await().atMost(PATIENCE)
                .untilAsserted(() -> expected.forEach((service, checks) -> checks.forEach(check -> assertThat(
                                reported(service, check))
                        .as("%s/%s", service, check)
                        .anySatisfy(found -> assertThat(found.path("status").asString())
                                .as(found.toString())
                                .isEqualTo("healthy")))));

        assertThat(reported("api-gateway", "kafka"))
                .allSatisfy(
                        check -> assertThat(check.path("critical").asBoolean()).isTrue());
        assertThat(reported("api-gateway", "redis")).allSatisfy(check -> {
            assertThat(check.path("critical").asBoolean(true)).isFalse();
            assertThat(check.path("response_time_ms").isNumber()).isTrue();
        });
        JsonNode summary = admin.get("/api/v1/monitoring/health").json();
        assertThat(summary.path("services").propertyNames()).containsAll(expected.keySet());
    }

    private List<JsonNode> reported(String service, String check) {
        return admin.get(DETAILED)
                .json()
                .path("checks")
                .valueStream()
                .filter(found -> found.path("service").asString().equals(service))
                .filter(found -> found.path("check").asString().equals(check))
                .toList();
    }
}
