package dev.sluice.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.address.Addresses;
import dev.sluice.gateway.apikey.ApiKeyTables;
import dev.sluice.gateway.tenant.TenantTables;
import dev.sluice.platform.kafka.test.FakeLogTable;
import dev.sluice.platform.test.FakeClock;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.record.ApiKey;
import dev.sluice.record.ApiKeyStatus;
import dev.sluice.record.Tenant;
import dev.sluice.record.TenantStatus;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import reactor.core.publisher.Mono;

/** Nobody is told that a key is wrong, or what its tenant may do, by a table that does not know them all. */
class LoadingTablesTest {

    private static final String KEY = "slk_live_BootstrapAdmin00_0123456789012345678901234567890123456789abc42ifmY";
    private static final String UNKNOWN = "slk_live_NobodysKey000000_0123456789012345678901234567890123456789abc3s1NCg";

    private final FakeClock clock = FakeClock.fixed();
    private final FakeLogTable<ApiKey> keys = FakeLogTable.unread();
    private final FakeLogTable<Tenant> tenants = FakeLogTable.unread();
    private final ApiKeyFilter filter = new ApiKeyFilter(
            ApiKeyTables.seeded(keys),
            new Callers(TenantTables.over(tenants, clock)),
            new WrongKeyThrottle(new AuthProperties(10, 10), () -> 0, new SimpleMeterRegistry()),
            Addresses.trusting(),
            clock);

    @Test
    void sendsKeysAwayForLaterWhileTheKeysAreLoading() {
        putKey();
        tenants.load();
        assertComesLater(KEY, "API keys");
        assertComesLater(UNKNOWN, "API keys");
        keys.load();
        assertThat(refusal(KEY)).isEmpty();
        assertThat(refusal(UNKNOWN).map(ProblemException::type)).contains(ProblemType.UNAUTHENTICATED);
    }

    @Test
    void sendsKnownKeysAwayForLaterWhileTheTenantsAreLoading() {
        putKey();
        keys.load();
        assertComesLater(KEY, "tenants");
        assertThat(tenants.put("acme", tenant(TenantStatus.SUSPENDED))).isCompleted();
        tenants.load();
        assertThat(refusal(KEY).map(ProblemException::type)).contains(ProblemType.FORBIDDEN);
        assertThat(tenants.put("acme", tenant(TenantStatus.ACTIVE))).isCompleted();
        assertThat(refusal(KEY)).isEmpty();
    }

    private void assertComesLater(String key, String what) {
        assertThat(refusal(key)).hasValueSatisfying(problem -> {
            assertThat(problem.type()).isEqualTo(ProblemType.UNAVAILABLE);
            assertThat(problem.detail()).isEqualTo("The " + what + " are still being loaded; try again shortly.");
            assertThat(problem.headers()).containsKey("Retry-After");
        });
    }

    /** Why a request with this key goes no further; empty when it does, as its tenant. */
    private Optional<ProblemException> refusal(String key) {
        MockServerWebExchange exchange = MockServerWebExchange.from(
                MockServerHttpRequest.get("/api/v1/limits").header("Authorization", "Bearer " + key));
        CompletableFuture<Identity> passed = new CompletableFuture<>();
        Mono<Void> outcome = filter.filter(exchange, further -> {
            passed.complete(Identity.of(further));
            return Mono.empty();
        });
        Optional<ProblemException> refusal = outcome.<Optional<ProblemException>>thenReturn(Optional.empty())
                .onErrorResume(ProblemException.class, problem -> Mono.just(Optional.of(problem)))
                .blockOptional()
                .orElseThrow();
        if (refusal.isEmpty()) {
            assertThat(passed)
                    .isCompletedWithValueMatching(identity -> identity.tenant().equals("acme"));
        }
        return refusal;
    }

    private void putKey() {
        ApiKey key = ApiKey.newBuilder()
                .setId("BootstrapAdmin00")
                .setTenant("acme")
                .setEnvironment("live")
                .setName("test")
                .setHash(ByteBuffer.wrap(sha256(KEY)))
                .setScopes(List.of("metrics:read"))
                .setStatus(ApiKeyStatus.ACTIVE)
                .setCreatedAt(clock.instant())
                .build();
        assertThat(keys.put(key.getId(), key)).isCompleted();
    }

    private Tenant tenant(TenantStatus status) {
        return Tenant.newBuilder()
                .setId("acme")
                .setName("Acme")
                .setTier("basic")
                .setStatus(status)
                .setCreatedAt(clock.instant())
                .setUpdatedAt(clock.instant())
                .build();
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
