package dev.sluice.webhook.secret;

import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The keys that seal webhook secrets on the log.
 *
 * @param keys the current key first, then those that older secrets were sealed with; there is no default
 */
@ConfigurationProperties("sluice.webhook.secret")
record SecretProperties(@Nullable List<Key> keys) {

    private static final int KEY_BYTES = 32;

    /**
     * One key.
     *
     * @param id names it on every secret it sealed
     * @param key 256 bits in base64
     */
    record Key(String id, String key) {

        @Override
        public String toString() {
            return "Key[id=" + id + ", key=…]";
        }
    }

    Map<String, SecretKey> keysById() {
        if (keys == null || keys.isEmpty()) {
            throw new IllegalStateException("Set sluice.webhook.secret.keys[0].id and sluice.webhook.secret.keys[0].key"
                    + " (32 random bytes in base64, for example from: openssl rand -base64 32):"
                    + " webhook secrets are never stored in clear.");
        }
        Map<String, SecretKey> byId = new LinkedHashMap<>();
        for (Key key : keys) {
            if (byId.put(key.id(), secretKey(key)) != null) {
                throw new IllegalStateException("sluice.webhook.secret.keys names the id " + key.id() + " twice");
            }
        }
        return byId;
    }

    private static SecretKey secretKey(Key key) {
        byte[] bytes = decode(key);
        if (key.id().isBlank() || bytes.length != KEY_BYTES) {
            throw new IllegalStateException("Each of sluice.webhook.secret.keys needs an id and 32 bytes in base64");
        }
        return new SecretKeySpec(bytes, "AES");
    }

    private static byte[] decode(Key key) {
        try {
            return Base64.getDecoder().decode(key.key());
        } catch (IllegalArgumentException _) {
            // The cause's message would show a part of the key.
            throw new IllegalStateException("The key " + key.id() + " of sluice.webhook.secret.keys is not base64");
        }
    }
}
