package dev.sluice.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.address.Addresses;
import dev.sluice.gateway.apikey.ApiKeyTables;
import dev.sluice.gateway.tenant.TenantTables;
import dev.sluice.platform.kafka.test.FakeLogTable;
import dev.sluice.platform.test.FakeClock;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.record.ApiKey;
import dev.sluice.record.ApiKeyStatus;
import dev.sluice.record.Tenant;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import reactor.core.publisher.Mono;

/** Who presents many wrong keys is told to stop; nobody else notices. */
class WrongKeysTest {

    private static final String VALID = "slk_live_BootstrapAdmin00_0123456789012345678901234567890123456789abc42ifmY";
    private static final String UNKNOWN = "slk_live_NobodysKey000000_0123456789012345678901234567890123456789abc3s1NCg";
    private static final int PASSED = 200;

    private final FakeClock clock = FakeClock.fixed();
    private final FakeLogTable<ApiKey> keys = FakeLogTable.unread();
    private final FakeLogTable<Tenant> tenants = FakeLogTable.unread();
    private long nanos = 1;
    private final ApiKeyFilter filter = new ApiKeyFilter(
            ApiKeyTables.seeded(keys),
            new Callers(TenantTables.over(tenants, clock)),
            new WrongKeyThrottle(new AuthProperties(3, 100), () -> nanos, new SimpleMeterRegistry()),
            Addresses.trusting("10.0.0.0/8"),
            clock);

    @BeforeEach
    void load() {
        ApiKey key = ApiKey.newBuilder()
                .setId("BootstrapAdmin00")
                .setTenant("acme")
                .setEnvironment("live")
                .setName("test")
                .setHash(ByteBuffer.wrap(sha256(VALID)))
                .setScopes(List.of("metrics:read"))
                .setStatus(ApiKeyStatus.ACTIVE)
                .setCreatedAt(clock.instant())
                .build();
        assertThat(keys.put(key.getId(), key)).isCompleted();
        keys.load();
        tenants.load();
    }

    @Test
    void tellsTheFourthWrongKeyOfAMinuteToStop() {
        assertThat(statusOf(UNKNOWN, "203.0.113.1")).isEqualTo(401);
        assertThat(statusOf("not even a key", "203.0.113.1")).isEqualTo(401);
        assertThat(statusOf(UNKNOWN, "203.0.113.1")).isEqualTo(401);
        ProblemException refusal = refusal(UNKNOWN, "203.0.113.1", "");
        assertThat(refusal.type().status()).isEqualTo(429);
        assertThat(refusal.type().code()).isEqualTo("too_many_wrong_keys");
        assertThat(refusal.headers()).containsEntry("Retry-After", "20").doesNotContainKey("WWW-Authenticate");
        nanos += Duration.ofSeconds(20).toNanos();
        assertThat(statusOf(UNKNOWN, "203.0.113.1")).isEqualTo(401);
    }

    @Test
    void lowersNobodyElsesChances() {
        for (int i = 0; i < 10; i++) {
            statusOf(UNKNOWN, "203.0.113.1");
        }
        assertThat(statusOf(VALID, "203.0.113.1"))
                .as("a neighbour behind the same address")
                .isEqualTo(PASSED);
        assertThat(statusOf(UNKNOWN, "203.0.113.2")).isEqualTo(401);
        assertThat(statusOf(UNKNOWN, "2001:db8::1")).isEqualTo(401);
    }

    @Test
    void validKeysCostNothing() {
        for (int i = 0; i < 20; i++) {
            assertThat(statusOf(VALID, "203.0.113.1")).isEqualTo(PASSED);
        }
        assertThat(statusOf(UNKNOWN, "203.0.113.1")).isEqualTo(401);
    }

    @Test
    void takesAWholeNetworkOfIpv6ForOneClient() {
        for (int i = 0; i < 3; i++) {
            assertThat(statusOf(UNKNOWN, "2001:db8:1:2::" + i)).isEqualTo(401);
        }
        assertThat(statusOf(UNKNOWN, "2001:db8:1:2:ffff::1")).isEqualTo(429);
    }

    @Test
    void looksBehindTrustedProxiesOnly() {
        for (int i = 0; i < 3; i++) {
            assertThat(statusOf(UNKNOWN, "10.0.0.1", "198.51.100.1")).isEqualTo(401);
            assertThat(statusOf(UNKNOWN, "203.0.113.9", "198.51.100." + i)).isEqualTo(401);
        }
        assertThat(statusOf(UNKNOWN, "10.0.0.2", "198.51.100.1")).isEqualTo(429);
        assertThat(statusOf(UNKNOWN, "10.0.0.1", "198.51.100.9")).isEqualTo(401);
        assertThat(statusOf(UNKNOWN, "203.0.113.9", "198.51.100.77")).isEqualTo(429);
    }

    private int statusOf(String key, String peer) {
        return statusOf(key, peer, "");
    }

    private int statusOf(String key, String peer, String forwardedFor) {
        return outcome(key, peer, forwardedFor)
                .thenReturn(PASSED)
                .onErrorResume(
                        ProblemException.class,
                        problem -> Mono.just(problem.type().status()))
                .blockOptional()
                .orElseThrow();
    }

    private ProblemException refusal(String key, String peer, String forwardedFor) {
        return outcome(key, peer, forwardedFor)
                .then(Mono.<ProblemException>empty())
                .onErrorResume(ProblemException.class, Mono::just)
                .blockOptional()
                .orElseThrow();
    }

    private Mono<Void> outcome(String key, String peer, String forwardedFor) {
        MockServerHttpRequest.BaseBuilder<?> request = MockServerHttpRequest.get("/api/v1/limits")
                .remoteAddress(new InetSocketAddress(InetAddress.ofLiteral(peer), 4711))
                .header("Authorization", "Bearer " + key);
        if (!forwardedFor.isEmpty()) {
            request.header("X-Forwarded-For", forwardedFor);
        }
        return filter.filter(MockServerWebExchange.from(request), further -> Mono.empty());
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
