package dev.sluice.cache.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.web.IdentityToken;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a node says of itself while its Redis cannot be reached. */
class InfoTest extends CacheHttpScenario {

    @Test
    void withoutRedisTheAnswerComesAllTheSame() {
        put("feed/keys/a", "1", headers -> {});
        get("feed/keys/a").expectStatus().isOk();

        JsonNode info = info();

        for (String field :
                List.of("redis_version", "used_memory_human", "connected_clients", "total_keys", "uptime_in_seconds")) {
            assertThat(info.has(field)).as(field).isTrue();
            assertThat(info.path(field).isNull()).as(field).isTrue();
        }
        assertThat(info.at("/redis/status").asString()).isEqualTo("down");
        assertThat(info.at("/redis/servers").isEmpty()).isTrue();
        assertThat(info.at("/redis/breaker").asString()).isEqualTo("closed");
        assertThat(info.path("node_id").asString()).isNotBlank();
        assertThat(info.path("hit_rate").asDouble()).isBetween(0.01, 1.0);
        assertThat(info.at("/first_level/state").asString()).isEqualTo("open");
        assertThat(info.at("/first_level/entries").asLong()).isPositive();
        assertThat(info.at("/first_level/weight_bytes").asLong()).isPositive();
        assertThat(info.at("/first_level/max_weight_bytes").asLong()).isEqualTo(64L << 20);
        assertThat(info.at("/first_level/pressure").has("heap_used")).isTrue();
        assertThat(info.at("/first_level/pressure/full_weight_bytes").asLong()).isEqualTo(64L << 20);
        assertThat(info.at("/first_level/pressure/floor_weight_bytes").asLong()).isEqualTo(8L << 20);
        assertThat(info.at("/first_level/evicted_for_size/count").isIntegralNumber())
                .isTrue();
        assertThat(info.at("/coherence/follows_log").asBoolean()).isTrue();
        assertThat(info.at("/coherence/log_heard_millis_ago").asLong()).isZero();
        assertThat(info.at("/reads/l1_hits").asLong()).isPositive();
    }

    @Test
    void onlyAdministratorsSeeWhatAllTenantsHaveTogether() {
        ask("", "cache:read", "cache:write", "metrics:read")
                .expectStatus()
                .isForbidden()
                .expectBody()
                .jsonPath("$.detail")
                .isEqualTo("Use an API key with the scope admin.");
    }

    @Test
    void takesNoParameters() {
        ask("?section=keys", "admin")
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.field")
                .isNotEmpty();
    }

    private JsonNode info() {
        byte[] body = ask("", "admin")
                .expectStatus()
                .isOk()
                .expectHeader()
                .valueEquals("Cache-Control", "no-store")
                .expectBody()
                .returnResult()
                .getResponseBody();
        return JsonMapper.shared().readTree(new String(body, StandardCharsets.UTF_8));
    }

    private ResponseSpec ask(String query, String... scopes) {
        return client().get()
                .uri(URI.create("http://127.0.0.1:" + port + "/api/v1/cache/info" + query))
                .header(IdentityToken.HEADER, token(tenant, scopes))
                .exchange();
    }
}
