package dev.sluice.webhook.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.test.FakeClock;
import dev.sluice.record.WebhookEndpoint;
import dev.sluice.webhook.secret.SecretKeyring;
import dev.sluice.webhook.signing.Ed25519Key;
import dev.sluice.webhook.signing.SigningKey;
import dev.sluice.webhook.signing.SymmetricKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** Another key takes over from the one that has sealed everything. */
class ResealsTest {

    private final FakeClock clock = FakeClock.fixed();
    private final Random random = new Random(1);
    private final SecretKeyring old = ring("old");
    private final SecretKeyring both = ring("new", "old");
    private final SecretKeyring onlyNew = ring("new");
    private final FakeEndpointLog log = FakeEndpointLog.loaded();
    private final EndpointTable table = new EndpointTable(log);
    private final Reseals reseals = new Reseals(table, both, clock);

    @Test
    void afterwardsTheOldKeyCanGo() {
        Map<String, List<SigningKey>> before = new LinkedHashMap<>();
        for (String id : List.of("ep_1", "ep_2", "ep_3")) {
            WebhookEndpoint endpoint = sealed(old, id);
            var _ = table.create(endpoint);
            before.put(id, old.openAll(endpoint, clock.instant()));
        }
        assertThat(reseals.look().sealedBy()).isEqualTo(Map.of("old", 9));
        assertThat(reseals.waiting()).isEqualTo(3);

        Reseals.Standing done = Optional.ofNullable(reseals.reseal().block()).orElseThrow();
        assertThat(done.resealed()).isEqualTo(3);
        assertThat(done.currentKey()).isEqualTo("new");
        assertThat(done.sealedBy()).isEqualTo(Map.of("new", 9));
        assertThat(done.unopenable()).isEmpty();
        before.forEach((id, keys) -> {
            WebhookEndpoint endpoint = table.find(id).orElseThrow();
            assertThat(onlyNew.openAll(endpoint, clock.instant())).isEqualTo(keys);
            assertThat(onlyNew.openHeaders(endpoint)).isEqualTo(Map.of("X-Shop", "north"));
            assertThat(endpoint.getUpdatedAt())
                    .as("its owner has changed nothing")
                    .isEqualTo(
                            WebhookEndpoint.newBuilder(sealed(old, id)).build().getUpdatedAt());
        });
        assertThat(Optional.ofNullable(reseals.reseal().block()).orElseThrow().resealed())
                .as("asked for again")
                .isZero();
        assertThat(reseals.waiting()).isZero();
    }

    @Test
    void whatNoKeyOpensIsNamedAndHoldsUpNothingElse() {
        var _ = table.create(sealed(ring("lost"), "ep_1"));
        var _ = table.create(sealed(old, "ep_2"));

        Reseals.Standing done = Optional.ofNullable(reseals.reseal().block()).orElseThrow();
        assertThat(done.resealed()).isEqualTo(1);
        assertThat(done.unopenable()).containsExactly("ep_1");
        assertThat(done.sealedBy()).isEqualTo(Map.of("lost", 3, "new", 3));
    }

    @Test
    void whatSignsNoMoreIsNotSealedAgain() {
        WebhookEndpoint endpoint = sealed(old, "ep_1");
        endpoint.getSecrets().getLast().setExpiresAt(clock.instant());
        var _ = table.create(endpoint);
        clock.advance(Duration.ofSeconds(1));

        assertThat(Optional.ofNullable(reseals.reseal().block()).orElseThrow().sealedBy())
                .isEqualTo(Map.of("new", 2));
    }

    private WebhookEndpoint sealed(SecretKeyring ring, String id) {
        WebhookEndpoint endpoint = EndpointRecords.active("acme", id, List.of());
        endpoint.setSecrets(new ArrayList<>(List.of(
                ring.seal(SymmetricKey.generate(random), "acme", id, clock.instant()),
                ring.seal(Ed25519Key.generate(), "acme", id, clock.instant()))));
        endpoint.setSealedHeaders(Map.of("X-Shop", ring.sealHeader("X-Shop", "north", "acme", id)));
        return endpoint;
    }

    private SecretKeyring ring(String... ids) {
        Map<String, SecretKey> keys = new LinkedHashMap<>();
        for (String id : ids) {
            byte[] key = new byte[32];
            key[0] = (byte) id.charAt(0);
            keys.put(id, new SecretKeySpec(key, "AES"));
        }
        return new SecretKeyring(keys, random);
    }
}
