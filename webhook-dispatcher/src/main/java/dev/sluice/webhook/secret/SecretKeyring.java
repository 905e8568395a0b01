package dev.sluice.webhook.secret;

import dev.sluice.record.SealedSecret;
import dev.sluice.record.SignatureScheme;
import dev.sluice.record.WebhookEndpoint;
import dev.sluice.webhook.signing.Ed25519Key;
import dev.sluice.webhook.signing.SigningKey;
import dev.sluice.webhook.signing.SymmetricKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Seals signing keys for the log with AES-256-GCM and opens them again. The associated data is {@code tenant|endpoint
 * id}, so that a sealed secret copied to another endpoint does not open. Thread-safe.
 */
public final class SecretKeyring {

    private static final Logger LOG = LoggerFactory.getLogger(SecretKeyring.class);

    private static final String TRANSFORMATION = "AES/GCM/NoPadding";
    // NIST SP 800-38D: a 96-bit nonce and the full 128-bit tag.
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final Map<String, SecretKey> keys;
    private final String currentId;
    private final RandomGenerator random;

    /**
     * A keyring of these keys.
     *
     * @param keys by id; the first one seals, all of them open
     * @param random a source fit for nonces
     */
    public SecretKeyring(Map<String, SecretKey> keys, RandomGenerator random) {
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("keys must not be empty");
        }
        this.keys = new LinkedHashMap<>(keys);
        currentId = this.keys.keySet().iterator().next();
        this.random = random;
    }

    public SealedSecret seal(SigningKey secret, String tenant, String endpointId, Instant now) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] ciphertext = apply(Cipher.ENCRYPT_MODE, key(currentId), nonce, tenant, endpointId, secret.material());
        return SealedSecret.newBuilder()
                .setScheme(schemeOf(secret))
                .setKeyId(currentId)
                .setNonce(ByteBuffer.wrap(nonce))
                .setCiphertext(ByteBuffer.wrap(ciphertext))
                .setCreatedAt(now)
                .build();
    }

    /**
     * What signs for an endpoint at this moment. A secret that cannot be opened is left out, and said in the log: while
     * another is in force, receivers still find a signature that they can verify.
     *
     * @throws UnopenableSecretException when secrets are in force, but none of them can be opened
     */
    public List<SigningKey> openAll(WebhookEndpoint endpoint, Instant now) {
        List<SigningKey> opened = new ArrayList<>();
        UnopenableSecretException last = null;
        for (SealedSecret secret : endpoint.getSecrets()) {
            Instant expiry = secret.getExpiresAt();
            if (expiry != null && !expiry.isAfter(now)) {
                continue;
            }
            try {
                opened.add(open(secret, endpoint.getTenant(), endpoint.getId()));
            } catch (UnopenableSecretException e) {
                LOG.error("a secret of endpoint {} cannot be opened: {}", endpoint.getId(), e.getMessage());
                last = e;
            }
        }
        if (opened.isEmpty() && last != null) {
            throw last;
        }
        return opened;
    }

    /**
     * The signing key in clear.
     *
     * @throws UnopenableSecretException when its key is not on the ring or it was changed or moved
     */
    public SigningKey open(SealedSecret sealed, String tenant, String endpointId) {
        byte[] material = apply(
                Cipher.DECRYPT_MODE,
                key(sealed.getKeyId()),
                bytes(sealed.getNonce()),
                tenant,
                endpointId,
                bytes(sealed.getCiphertext()));
        return switch (sealed.getScheme()) {
            case V1 -> SymmetricKey.of(material);
            case V1A -> Ed25519Key.of(material);
            case UNKNOWN -> throw new UnopenableSecretException("unknown signature scheme", null);
        };
    }

    private SecretKey key(String id) {
        SecretKey key = keys.get(id);
        if (key == null) {
            throw new UnopenableSecretException("no key with the id " + id, null);
        }
        return key;
    }

    private static SignatureScheme schemeOf(SigningKey secret) {
        return switch (secret) {
            case SymmetricKey _ -> SignatureScheme.V1;
            case Ed25519Key _ -> SignatureScheme.V1A;
        };
    }

    private static byte[] apply(int mode, SecretKey key, byte[] nonce, String tenant, String endpointId, byte[] input) {
        try {
            Cipher cipher = Cipher.getInstance(TRANSFORMATION);
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD((tenant + "|" + endpointId).getBytes(StandardCharsets.UTF_8));
            return cipher.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new UnopenableSecretException("cannot apply the key", e);
        }
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
