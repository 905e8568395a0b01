package dev.sluice.gateway.apikey;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.gateway.tier.LimitRuleView;
import dev.sluice.record.ApiKey;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A key as the API shows it, never in full.
 *
 * @param rolledTo id of the key that replaces it
 * @param lastUsedAt the minute of its last use, where keys are looked at; nothing for one that was not used
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ApiKeyView(
        String id,
        String tenant,
        String environment,
        String name,
        List<String> scopes,
        List<LimitRuleView> limits,
        String status,
        Instant createdAt,
        @Nullable Instant expiresAt,
        @Nullable Instant revokedAt,
        @Nullable String rolledTo,
        @Nullable Instant lastUsedAt) {

    static ApiKeyView of(ApiKey key) {
        return of(key, null);
    }

    static ApiKeyView of(ApiKey key, @Nullable Instant lastUsedAt) {
        return new ApiKeyView(
                key.getId(),
                key.getTenant(),
                key.getEnvironment(),
                key.getName(),
                key.getScopes(),
                LimitRuleView.of(key.getLimits()),
                key.getStatus().name().toLowerCase(Locale.ROOT),
                key.getCreatedAt(),
                key.getExpiresAt(),
                key.getRevokedAt(),
                key.getRolledTo(),
                lastUsedAt);
    }
}
