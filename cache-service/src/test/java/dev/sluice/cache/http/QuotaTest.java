package dev.sluice.cache.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cache.engine.CacheKey;
import dev.sluice.cache.engine.Quota;
import dev.sluice.cache.engine.QuotaExceededException;
import dev.sluice.cache.engine.QuotaExceededException.Bound;
import dev.sluice.cache.engine.Quotas.Scope;
import dev.sluice.cache.engine.Quotas.Terms;
import dev.sluice.cache.namespace.NamespaceQuotas;
import dev.sluice.platform.kafka.test.FakeLogTable;
import dev.sluice.platform.web.IdentityToken;
import dev.sluice.record.Tenant;
import dev.sluice.record.Tier;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;

/** What clients are told when there is no room. */
class QuotaTest extends CacheHttpScenario {

    @Autowired
    NamespaceQuotas quotas;

    @Autowired
    FakeLogTable<Tenant> tenants;

    @Autowired
    FakeLogTable<Tier> tiers;

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

    @Test
    void theTierOfATenantBoundsAllItsNamespacesTogether() {
        CacheKey key = new CacheKey(tenant, "feed", "a");
        Tier tier = Tier.newBuilder()
                .setName("t")
                .setDescription("Test.")
                .setLimits(List.of())
                .setCacheMaxEntries(7L)
                .setUpdatedAt(Instant.EPOCH)
                .build();
        tiers.put("t", tier).join();
        assertThat(quotas.of(key)).isNull();
        tenants.put(
                        tenant,
                        Tenant.newBuilder()
                                .setId(tenant)
                                .setName("Test")
                                .setTier("t")
                                .setCreatedAt(Instant.EPOCH)
                                .setUpdatedAt(Instant.EPOCH)
                                .build())
                .join();
        assertThat(quotas.of(key)).isEqualTo(new Terms(Quota.NONE, new Quota(7, Quota.UNBOUNDED)));
        assertThat(quotas.scopes()).contains(Scope.ofTenant(tenant));
        assertThat(quotas.of(new CacheKey(tenant + "-other", "feed", "a"))).isNull();
        // Redis alone knows how much is used, and here is none.
        get("feed/usage").expectStatus().isEqualTo(503);
        tiers.put("t", Tier.newBuilder(tier).setCacheMaxEntries(null).build()).join();
        assertThat(quotas.of(key)).isNull();
        assertThat(quotas.scopes()).doesNotContain(Scope.ofTenant(tenant));
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
