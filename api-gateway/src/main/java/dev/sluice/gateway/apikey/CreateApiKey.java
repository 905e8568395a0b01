package dev.sluice.gateway.apikey;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A request for a new key.
 *
 * @param tenant id of the tenant that it is to belong to
 * @param name what its owner calls it, 1 to 100 characters
 * @param environment live or test
 * @param scopes what it may do; at least one
 * @param expiresAt RFC 3339 time at which it stops working; never when left out
 * @param limits limits of this key alone; each replaces the one of its name. None when left out
 */
record CreateApiKey(
        String tenant,
        String name,
        String environment,
        List<String> scopes,
        @Nullable String expiresAt,
        @Nullable JsonNode limits) {

    /** Refuses what no key can be; answers when it is to expire. */
    Optional<Instant> check(Instant now) {
        KeyRules.checkName(name);
        if (!environment.equals(ApiKeyText.LIVE) && !environment.equals(ApiKeyText.TEST)) {
            throw KeyRules.invalid("environment", "Send live or test.");
        }
        KeyRules.checkScopes(scopes);
        return Optional.ofNullable(expiresAt).map(text -> KeyRules.parseExpiry(text, now));
    }
}
