package dev.sluice.platform.kafka.seal;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key as it is configured.
 *
 * @param id names it on every secret it sealed
 * @param key 256 bits in base64
 */
public record SealingKey(String id, String key) {

    public static final int BYTES = 32;

    /**
     * The keys by their ids, in their order. Refuses, with a sentence, what are no keys.
     *
     * @param property where they were configured
     */
    public static Map<String, SecretKey> byId(String property, List<SealingKey> keys) {
        Map<String, SecretKey> byId = new LinkedHashMap<>();
        for (SealingKey key : keys) {
            if (byId.put(key.id, key.toSecretKey(property)) != null) {
                throw new IllegalStateException(property + " names the id " + key.id + " twice");
            }
        }
        return byId;
    }

    /**
     * A key for one purpose alone, made from a secret that serves others (RFC 5869).
     *
     * @param secret of at least 32 bytes
     * @param purpose names it; another gives another key
     */
    public static SecretKey derive(String secret, String purpose) {
        HKDFParameterSpec parameters = HKDFParameterSpec.ofExtract()
                .addIKM(secret.getBytes(StandardCharsets.UTF_8))
                .thenExpand(purpose.getBytes(StandardCharsets.UTF_8), BYTES);
        try {
            return KDF.getInstance("HKDF-SHA256").deriveKey("AES", parameters);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no HKDF-SHA256", e);
        }
    }

    private SecretKey toSecretKey(String property) {
        byte[] bytes = decode(property);
        if (id.isBlank() || bytes.length != BYTES) {
            throw new IllegalStateException("Each of " + property + " needs an id and 32 bytes in base64");
        }
        return new SecretKeySpec(bytes, "AES");
    }

    private byte[] decode(String property) {
        try {
            return Base64.getDecoder().decode(key);
        } catch (IllegalArgumentException _) {
            // The cause's message would show a part of the key.
            throw new IllegalStateException("The key " + id + " of " + property + " is not base64");
        }
    }

    @Override
    public String toString() {
        return "SealingKey[id=" + id + ", key=…]";
    }
}
