package dev.sluice.gateway.apikey;

import dev.sluice.record.ApiKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A key that has just been made, with its secret.
 *
 * @param text the key in full, which is shown once
 * @param predecessor the key that it replaces, if any
 */
record NewKey(ApiKey key, ApiKeyText text, @Nullable Predecessor predecessor) {

    /**
     * A key that was rolled.
     *
     * @param expiresAt when it stops working
     */
    record Predecessor(String id, Instant expiresAt) {}
}
