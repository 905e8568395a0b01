package dev.sluice.webhook.secret;

import dev.sluice.platform.kafka.seal.SealingKey;
import java.util.List;
import java.util.Map;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The keys that seal webhook secrets on the log.
 *
 * @param keys the current key first, then those that older secrets were sealed with; there is no default
 */
@ConfigurationProperties("sluice.webhook.secret")
record SecretProperties(@Nullable List<SealingKey> keys) {

    private static final String KEYS = "sluice.webhook.secret.keys";

    Map<String, SecretKey> keysById() {
        if (keys == null || keys.isEmpty()) {
            throw new IllegalStateException("Set " + KEYS + "[0].id and " + KEYS + "[0].key"
                    + " (32 random bytes in base64, for example from: openssl rand -base64 32):"
                    + " webhook secrets are never stored in clear.");
        }
        return SealingKey.byId(KEYS, keys);
    }
}
