package dev.sluice.gateway.apikey;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.record.ApiKey;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A key as the API shows it.
 *
 * @param rolledTo id of the key that replaces it
 * @param key the key in full, in the answer to its creation only
 * @param predecessor the key that it replaces, in the answer to the roll only
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ApiKeyView(
        String id,
        String tenant,
        String environment,
        String name,
        List<String> scopes,
        String status,
        Instant createdAt,
        @Nullable Instant expiresAt,
        @Nullable Instant revokedAt,
        @Nullable String rolledTo,
        @Nullable String key,
        @Nullable Predecessor predecessor) {

    /**
     * A key that was rolled.
     *
     * @param expiresAt when it stops working
     */
    record Predecessor(String id, Instant expiresAt) {}

    static ApiKeyView of(ApiKey key) {
        return new ApiKeyView(
                key.getId(),
                key.getTenant(),
                key.getEnvironment(),
                key.getName(),
                key.getScopes(),
                key.getStatus().name().toLowerCase(Locale.ROOT),
                key.getCreatedAt(),
                key.getExpiresAt(),
                key.getRevokedAt(),
                key.getRolledTo(),
                null,
                null);
    }

    ApiKeyView withKey(String text) {
        return new ApiKeyView(
                id,
                tenant,
                environment,
                name,
                scopes,
                status,
                createdAt,
                expiresAt,
                revokedAt,
                rolledTo,
                text,
                predecessor);
    }

    ApiKeyView replacing(Predecessor old) {
        return new ApiKeyView(
                id, tenant, environment, name, scopes, status, createdAt, expiresAt, revokedAt, rolledTo, key, old);
    }

    @Override
    public String toString() {
        return "ApiKeyView[id=" + id + "]";
    }
}
