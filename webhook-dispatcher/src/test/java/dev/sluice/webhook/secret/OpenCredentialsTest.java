package dev.sluice.webhook.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.platform.kafka.seal.UnopenableSecretException;
import dev.sluice.record.SealedSecret;
import dev.sluice.record.WebhookEndpoint;
import dev.sluice.schemas.RecordDecoder;
import dev.sluice.webhook.signing.SymmetricKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What was opened is used again as long as it is the same record's, its time has not come, and it is not a minute ago. */
class OpenCredentialsTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final Random random = new Random(1);
    private final SecretKeyring ring = new SecretKeyring(Map.of("k", new SecretKeySpec(new byte[32], "AES")), random);
    private final AtomicLong nanos = new AtomicLong();
    private final OpenCredentials opened = new OpenCredentials(ring, nanos::get);
    private final SymmetricKey old = SymmetricKey.generate(random);
    private final SymmetricKey current = SymmetricKey.generate(random);

    @BeforeAll
    static void letAvroMakeRecords() {
        assertThat(RecordDecoder.of(WebhookEndpoint.class)).isNotNull();
    }

    @Test
    void opensOnceAMinute() {
        WebhookEndpoint endpoint = endpoint(sealed(current));
        Credentials first = opened.of(endpoint, NOW);

        assertThat(first.keys(NOW)).isEqualTo(List.of(current));
        assertThat(first.headers()).isEqualTo(Map.of("X-Shop", "north"));
        nanos.addAndGet(OpenCredentials.LONGEST.toNanos() - 1);
        assertThat(opened.of(endpoint, NOW)).isSameAs(first);
        nanos.incrementAndGet();
        assertThat(opened.of(endpoint, NOW)).isNotSameAs(first);
    }

    /** What replaces a record counts at once, and a record says of another nothing, however alike they are. */
    @Test
    void belongsToTheVeryRecord() {
        WebhookEndpoint before = endpoint(sealed(old));
        assertThat(opened.of(before, NOW).keys(NOW)).isEqualTo(List.of(old));

        assertThat(opened.of(endpoint(sealed(current)), NOW).keys(NOW)).isEqualTo(List.of(current));
        assertThat(opened.of(WebhookEndpoint.newBuilder(before).build(), NOW)).isNotSameAs(opened.of(before, NOW));
        WebhookEndpoint elsewhere =
                WebhookEndpoint.newBuilder(before).setId("ep_2").build();
        assertThatThrownBy(() -> opened.of(elsewhere, NOW)).isInstanceOf(UnopenableSecretException.class);
    }

    @Test
    void aKeyWhoseTimeHasComeSignsNoMore() {
        SealedSecret expiring = sealed(old);
        expiring.setExpiresAt(NOW.plusSeconds(10));
        WebhookEndpoint endpoint = endpoint(sealed(current), expiring);

        assertThat(opened.of(endpoint, NOW).keys(NOW)).isEqualTo(List.of(current, old));
        Instant then = NOW.plusSeconds(10);
        assertThat(opened.of(endpoint, then).keys(then)).isEqualTo(List.of(current));
    }

    @Test
    void whatCannotBeOpenedIsTriedAgain() {
        SealedSecret foreign = new SecretKeyring(Map.of("lost", new SecretKeySpec(new byte[32], "AES")), random)
                .seal(current, "acme", "ep_1", NOW);
        WebhookEndpoint endpoint = endpoint(foreign);

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> opened.of(endpoint, NOW)).isInstanceOf(UnopenableSecretException.class);
        }
    }

    private SealedSecret sealed(SymmetricKey key) {
        return ring.seal(key, "acme", "ep_1", NOW);
    }

    private WebhookEndpoint endpoint(SealedSecret... secrets) {
        return WebhookEndpoint.newBuilder()
                .setId("ep_1")
                .setTenant("acme")
                .setUrl("https://example.com/")
                .setEventTypes(List.of())
                .setSecrets(List.of(secrets))
                .setSealedHeaders(Map.of("X-Shop", ring.sealHeader("X-Shop", "north", "acme", "ep_1")))
                .setCreatedAt(NOW)
                .setUpdatedAt(NOW)
                .build();
    }
}
