package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** How the cache and its Redis are, as an administrator sees it and nobody else. */
class CacheInfoIT {

    private static final String INFO = "/api/v1/cache/info";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Platform platform = Platform.shared();

    @Test
    void administratorsSeeTheServerAndTheNode() {
        Client admin = platform.client("admin");
        // For some seconds after the end of Redis, of which other tests are the reason, it is down.
        await().atMost(PATIENCE)
                .until(() ->
                        admin.get(INFO).json().at("/redis/status").asString().equals("up"));

        JsonNode info = admin.get(INFO).json();

        assertThat(info.path("redis_version").asString()).isNotBlank();
        assertThat(info.path("used_memory_human").asString()).isNotBlank();
        for (String number : List.of("connected_clients", "total_keys", "uptime_in_seconds")) {
            assertThat(info.path(number).isIntegralNumber()).as(number).isTrue();
        }
        assertThat(info.has("hit_rate")).isTrue();
        assertThat(info.path("node_id").asString()).isNotBlank();
        assertThat(info.at("/first_level/max_weight_bytes").asLong()).isPositive();
    }

    @Test
    void aTenantDoesNotSeeWhatAllTenantsHave() {
        Client.Answer answer = Tenant.create().client().get(INFO);

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.text()).contains("admin").doesNotContain("total_keys");
    }
}
