package dev.sluice.webhook.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.platform.kafka.seal.UnopenableSecretException;
import dev.sluice.record.SealedSecret;
import dev.sluice.record.SealedWebhookHeader;
import dev.sluice.record.SignatureScheme;
import dev.sluice.record.WebhookEndpoint;
import dev.sluice.schemas.RecordDecoder;
import dev.sluice.webhook.signing.Ed25519Key;
import dev.sluice.webhook.signing.SymmetricKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Secrets open with the key they were sealed with, at the endpoint they were sealed for, unchanged; else not at all. */
class SecretKeyringTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final String TENANT = "acme";
    private static final String ENDPOINT = "ep_1";
    private static final SecretKey OLD = aes(1);
    private static final SecretKey NEW = aes(2);

    private final Random random = new Random(1);
    private final SymmetricKey secret = SymmetricKey.generate(random);
    private final SecretKeyring ring = new SecretKeyring(Map.of("old", OLD), random);
    private final SealedSecret sealed = ring.seal(secret, TENANT, ENDPOINT, NOW);

    /** Avro makes only classes that it was told to trust, which the first decoder tells it. */
    @BeforeAll
    static void letAvroMakeRecords() {
        assertThat(RecordDecoder.of(WebhookEndpoint.class)).isNotNull();
    }

    @Test
    void opensWhatItSealed() {
        assertThat(ring.open(sealed, TENANT, ENDPOINT)).isEqualTo(secret);
        assertThat(sealed.getScheme()).isEqualTo(SignatureScheme.V1);
        assertThat(sealed.getKeyId()).isEqualTo("old");
        assertThat(sealed.getCreatedAt()).isEqualTo(NOW);
        assertThat(sealed.getExpiresAt()).isNull();
    }

    @Test
    void headersOpenAtTheirEndpointUnderTheirNameAndNowhereElse() {
        SealedWebhookHeader header = ring.sealHeader("Authorization", "Bearer hunter2", TENANT, ENDPOINT);

        assertThat(ring.openHeaders(withHeader(TENANT, ENDPOINT, "authorization", header)))
                .isEqualTo(Map.of("authorization", "Bearer hunter2"));
        assertThat(header.toString()).doesNotContain("hunter2");
        for (WebhookEndpoint other : List.of(
                withHeader("evil", ENDPOINT, "Authorization", header),
                withHeader(TENANT, "ep_2", "Authorization", header),
                withHeader(TENANT, ENDPOINT, "X-Echo", header))) {
            assertThatThrownBy(() -> ring.openHeaders(other)).isInstanceOf(UnopenableSecretException.class);
        }
    }

    private static WebhookEndpoint withHeader(String tenant, String id, String name, SealedWebhookHeader header) {
        return WebhookEndpoint.newBuilder()
                .setId(id)
                .setTenant(tenant)
                .setUrl("https://example.com/")
                .setEventTypes(List.of())
                .setSecrets(List.of())
                .setSealedHeaders(Map.of(name, header))
                .setCreatedAt(NOW)
                .setUpdatedAt(NOW)
                .build();
    }

    @Test
    void opensAKeyPair() {
        Ed25519Key pair = Ed25519Key.of(new byte[64]);
        SealedSecret sealedPair = ring.seal(pair, TENANT, ENDPOINT, NOW);

        assertThat(sealedPair.getScheme()).isEqualTo(SignatureScheme.V1A);
        assertThat(ring.open(sealedPair, TENANT, ENDPOINT).text()).isEqualTo(pair.text());
    }

    @Test
    void opensWhatItCanOfAnEndpointsSecrets() {
        SealedSecret foreign = new SecretKeyring(Map.of("lost", NEW), random).seal(secret, TENANT, ENDPOINT, NOW);

        assertThat(ring.openAll(endpoint(foreign, sealed), NOW)).isEqualTo(List.of(secret));
        assertThatThrownBy(() -> ring.openAll(endpoint(foreign), NOW)).isInstanceOf(UnopenableSecretException.class);
        assertThat(ring.openAll(endpoint(), NOW)).isEmpty();
    }

    @Test
    void opensNoSecretOfAnEndpointThatHasExpired() {
        SealedSecret expired = SealedSecret.newBuilder(sealed).setExpiresAt(NOW).build();
        SealedSecret expiring =
                SealedSecret.newBuilder(sealed).setExpiresAt(NOW.plusMillis(1)).build();

        assertThat(ring.openAll(endpoint(expired), NOW)).isEmpty();
        assertThat(ring.openAll(endpoint(expiring), NOW)).isEqualTo(List.of(secret));
    }

    @Test
    void whatIsSealedHoldsNothingOfTheSecret() {
        String onTheLog = new String(bytes(sealed.getCiphertext()), StandardCharsets.ISO_8859_1);

        assertThat(onTheLog).doesNotContain(new String(secret.material(), StandardCharsets.ISO_8859_1));
        assertThat(bytes(sealed.getCiphertext())).hasSize(secret.material().length + 16);
    }

    @Test
    void sealingTwiceNeverUsesANonceTwice() {
        Set<ByteBuffer> nonces = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            nonces.add(ring.seal(secret, TENANT, ENDPOINT, NOW).getNonce());
        }
        assertThat(nonces).hasSize(1_000);
    }

    @Test
    void doesNotOpenWithAnyBitChanged() {
        byte[] ciphertext = bytes(sealed.getCiphertext());
        for (int bit = 0; bit < ciphertext.length * Byte.SIZE; bit++) {
            assertUnopenable(copy().setCiphertext(flipped(ciphertext, bit)).build());
        }
        byte[] nonce = bytes(sealed.getNonce());
        for (int bit = 0; bit < nonce.length * Byte.SIZE; bit++) {
            assertUnopenable(copy().setNonce(flipped(nonce, bit)).build());
        }
    }

    @Test
    void doesNotOpenWhenCutOrLengthened() {
        byte[] ciphertext = bytes(sealed.getCiphertext());
        for (int length : List.of(0, 1, 15, 16, ciphertext.length - 1, ciphertext.length + 1)) {
            assertUnopenable(copy().setCiphertext(ByteBuffer.wrap(Arrays.copyOf(ciphertext, length)))
                    .build());
        }
        assertUnopenable(copy().setNonce(ByteBuffer.allocate(0)).build());
    }

    @Test
    void doesNotOpenAtAnotherEndpointOrForAnotherTenant() {
        assertThatThrownBy(() -> ring.open(sealed, TENANT, "ep_2")).isInstanceOf(UnopenableSecretException.class);
        assertThatThrownBy(() -> ring.open(sealed, "other", ENDPOINT)).isInstanceOf(UnopenableSecretException.class);
    }

    @Test
    void doesNotOpenUnderAnotherScheme() {
        assertThatThrownBy(() ->
                        ring.open(copy().setScheme(SignatureScheme.UNKNOWN).build(), TENANT, ENDPOINT))
                .isInstanceOf(UnopenableSecretException.class);
    }

    @Test
    void afterARotationOldSecretsOpenAndNewOnesUseTheNewKey() {
        SecretKeyring rotated = new SecretKeyring(inOrder("new", NEW, "old", OLD), random);

        assertThat(rotated.open(sealed, TENANT, ENDPOINT)).isEqualTo(secret);
        SealedSecret fresh = rotated.seal(secret, TENANT, ENDPOINT, NOW);
        assertThat(fresh.getKeyId()).isEqualTo("new");
        assertThat(rotated.open(fresh, TENANT, ENDPOINT)).isEqualTo(secret);
    }

    @Test
    void saysWhichKeyIsMissingOnceItLeftTheRing() {
        SecretKeyring without = new SecretKeyring(Map.of("new", NEW), random);

        assertThatThrownBy(() -> without.open(sealed, TENANT, ENDPOINT))
                .isInstanceOf(UnopenableSecretException.class)
                .hasMessageContaining("old");
    }

    @Test
    void doesNotOpenWithAnotherKeyOfTheSameId() {
        SecretKeyring wrong = new SecretKeyring(Map.of("old", NEW), random);

        assertThatThrownBy(() -> wrong.open(sealed, TENANT, ENDPOINT)).isInstanceOf(UnopenableSecretException.class);
    }

    @Test
    void needsAKey() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SecretKeyring(Collections.emptyMap(), random))
                .withMessageContaining("keys");
    }

    private void assertUnopenable(SealedSecret changed) {
        assertThatThrownBy(() -> ring.open(changed, TENANT, ENDPOINT)).isInstanceOf(UnopenableSecretException.class);
    }

    private SealedSecret.Builder copy() {
        return SealedSecret.newBuilder()
                .setScheme(sealed.getScheme())
                .setKeyId(sealed.getKeyId())
                .setNonce(sealed.getNonce())
                .setCiphertext(sealed.getCiphertext())
                .setCreatedAt(sealed.getCreatedAt());
    }

    private static WebhookEndpoint endpoint(SealedSecret... secrets) {
        return WebhookEndpoint.newBuilder()
                .setId(ENDPOINT)
                .setTenant(TENANT)
                .setUrl("https://example.com/")
                .setEventTypes(List.of())
                .setSecrets(List.of(secrets))
                .setCreatedAt(NOW)
                .setUpdatedAt(NOW)
                .build();
    }

    private static ByteBuffer flipped(byte[] bytes, int bit) {
        byte[] changed = bytes.clone();
        changed[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
        return ByteBuffer.wrap(changed);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private static SecretKey aes(int fill) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) fill);
        return new SecretKeySpec(key, "AES");
    }

    private static Map<String, SecretKey> inOrder(String firstId, SecretKey first, String secondId, SecretKey second) {
        Map<String, SecretKey> keys = new LinkedHashMap<>();
        keys.put(firstId, first);
        keys.put(secondId, second);
        return keys;
    }
}
