package dev.sluice.gateway.apikey;

import dev.sluice.gateway.tier.LimitOverrides;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.record.ApiKey;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A change of a key as a JSON merge patch (RFC 7396): what it leaves out stays, null takes the expiry away. Immutable. */
final class KeyPatch {

    /**
     * The fields that can be changed.
     *
     * @param name what its owner calls it, 1 to 100 characters
     * @param scopes all that it may do from now on; at least one
     * @param expiresAt RFC 3339 time at which it stops working; null for never
     * @param limits all limits of this key alone from now on; null for none
     */
    record Fields(
            @Nullable String name,
            @Nullable List<String> scopes,
            @Nullable String expiresAt,
            @Nullable JsonNode limits) {}

    private final JsonNode given;
    private final Fields fields;

    private KeyPatch(JsonNode given, Fields fields) {
        this.given = given;
        this.fields = fields;
    }

    /** Reads a patch; refuses one of unknown fields, and one that clears what every key has. */
    static KeyPatch read(byte[] body, StrictJson json) {
        Fields fields = json.read(body, Fields.class);
        JsonNode given = json.readTree(body);
        for (String required : List.of("name", "scopes")) {
            if (given.path(required).isNull()) {
                throw KeyRules.invalid(required, "Every key has it: send a value, or leave the field out to keep it.");
            }
        }
        return new KeyPatch(given, fields);
    }

    /** The key as it is to be; refuses what no key can be. */
    ApiKey applyTo(ApiKey key, Instant now) {
        ApiKey.Builder changed = ApiKey.newBuilder(key);
        if (fields.name() != null) {
            KeyRules.checkName(fields.name());
            changed.setName(fields.name());
        }
        if (fields.scopes() != null) {
            KeyRules.checkScopes(fields.scopes());
            changed.setScopes(fields.scopes());
        }
        if (given.has("expiresAt")) {
            changed.setExpiresAt(expiry(key, now));
        }
        if (given.has("limits")) {
            changed.setLimits(LimitOverrides.read("limits", fields.limits()));
        }
        return changed.build();
    }

    /** What was shown may be sent back: an expiry that stays the same need not lie ahead. */
    private @Nullable Instant expiry(ApiKey key, Instant now) {
        String text = fields.expiresAt();
        if (text == null || Objects.toString(key.getExpiresAt(), "").equals(text)) {
            return text == null ? null : key.getExpiresAt();
        }
        return KeyRules.parseExpiry(text, now);
    }
}
