package dev.sluice.platform.kafka.seal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Seals secrets for the log with AES-256-GCM and opens them again. What a secret belongs to is its associated data, so
 * that a sealed secret copied to another place does not open. Thread-safe.
 */
public final class Keyring {

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
    public Keyring(Map<String, SecretKey> keys, RandomGenerator random) {
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("keys must not be empty");
        }
        this.keys = new LinkedHashMap<>(keys);
        currentId = this.keys.keySet().iterator().next();
        this.random = random;
    }

    /** The id of the key that seals. */
    public String currentId() {
        return currentId;
    }

    /** Seals with the current key; {@code place} says what the secret belongs to. */
    public Sealed seal(byte[] secret, String place) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] ciphertext = apply(Cipher.ENCRYPT_MODE, key(currentId), nonce, place, secret);
        return new Sealed(currentId, ByteBuffer.wrap(nonce), ByteBuffer.wrap(ciphertext));
    }

    /**
     * The secret in clear.
     *
     * @throws UnopenableSecretException when its key is not on the ring or it was changed or moved
     */
    public byte[] open(Sealed sealed, String place) {
        return apply(
                Cipher.DECRYPT_MODE, key(sealed.keyId()), bytes(sealed.nonce()), place, bytes(sealed.ciphertext()));
    }

    private SecretKey key(String id) {
        SecretKey key = keys.get(id);
        if (key == null) {
            throw new UnopenableSecretException("no key with the id " + id, null);
        }
        return key;
    }

    private static byte[] apply(int mode, SecretKey key, byte[] nonce, String place, byte[] input) {
        try {
            Cipher cipher = Cipher.getInstance(TRANSFORMATION);
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(place.getBytes(StandardCharsets.UTF_8));
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
