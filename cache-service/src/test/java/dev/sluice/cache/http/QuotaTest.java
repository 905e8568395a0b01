package dev.sluice.cache.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cache.engine.QuotaExceededException;
import dev.sluice.cache.engine.QuotaExceededException.Bound;
import dev.sluice.platform.web.IdentityToken;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;

/** What clients are told when there is no room. */
class QuotaTest extends CacheHttpScenario {

    @Test
    void aPutWithoutRoomSaysWhatIsFullAndWhatToDo() {
        put("feed/keys/a", "1", headers -> {}).expectStatus().isCreated();
        redis.fill(new QuotaExceededException(Bound.NAMESPACE_BYTES, 990, 1_000));
        put("feed/keys/b", "1", headers -> {})
                .expectStatus()
                .isEqualTo(429)
                .expectHeader()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .expectHeader()
                .valueEquals("Retry-After", "60")
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("quota_exceeded")
                .jsonPath("$.quota")
                .isEqualTo("namespace.maxBytes")
                .jsonPath("$.used")
                .isEqualTo(990)
                .jsonPath("$.limit")
                .isEqualTo(1_000)
                .jsonPath("$.detail")
                .value(detail -> assertThat((String) detail).contains("990 of 1000 bytes", "greater quota"));
        get("feed/keys/a").expectStatus().isOk();
        send(HttpMethod.DELETE, "feed/keys/a", headers -> {}).expectStatus().isNoContent();
    }

    @Test
    void aBatchSaysSoOfEachItem() {
        redis.fill(new QuotaExceededException(Bound.TENANT_ENTRIES, 7, 7));
        post("feed/batch/put", "{\"items\":[{\"key\":\"c\",\"value\":\"MQ==\"}]}")
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.items[0].status")
                .isEqualTo(429)
                .jsonPath("$.items[0].problem.code")
                .isEqualTo("quota_exceeded")
                .jsonPath("$.items[0].problem.detail")
                .value(detail -> assertThat((String) detail).contains("tenant.maxEntries", "7 of 7 entries", "plan"));
    }

    @Test
    void whereThereIsNoQuotaNothingIsCounted() {
        get("feed/usage").expectStatus().isNotFound();
        send(HttpMethod.GET, "Feed/usage", headers -> {}).expectStatus().isBadRequest();
        send(HttpMethod.GET, "feed/usage?limit=1", headers -> {}).expectStatus().isBadRequest();
        send(HttpMethod.GET, "feed/usage", headers -> headers.set(IdentityToken.HEADER, token(tenant, "cache:write")))
                .expectStatus()
                .isForbidden();
    }

    private ResponseSpec post(String path, String json) {
        return client().method(HttpMethod.POST)
                .uri(uri(path))
                .header(IdentityToken.HEADER, token(tenant, "cache:read", "cache:write"))
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(json.getBytes(StandardCharsets.UTF_8))
                .exchange();
    }
}
