package dev.sluice.gateway.tenant;

import dev.sluice.gateway.tier.LimitOverrides;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.record.LimitRule;
import dev.sluice.record.TenantStatus;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a tenant is to be.
 *
 * @param name what people call it, 1 to 100 characters
 * @param tier name of its tier
 * @param status active (when left out) or suspended
 * @param limits limits of this tenant alone; each replaces the one of its name in the tier. None when left out
 */
record PutTenant(
        String name,
        String tier,
        @Nullable String status,
        @Nullable JsonNode limits) {

    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
    private static final int MAX_NAME = 100;

    static void checkId(String id) {
        if (!ID.matcher(id).matches()) {
            throw ProblemException.ofField(
                    ProblemType.INVALID_PATH,
                    "id",
                    "Use 1 to 63 lower-case letters, digits and hyphens for the tenant id, no hyphen first.");
        }
    }

    /** Refuses what no tenant can be. */
    void check() {
        if (name.isBlank() || name.length() > MAX_NAME || name.chars().anyMatch(Character::isISOControl)) {
            throw ProblemException.ofField(
                    ProblemType.INVALID_FIELD,
                    "name",
                    "Give a name of 1 to " + MAX_NAME + " characters without control characters.");
        }
    }

    List<LimitRule> parsedLimits() {
        return LimitOverrides.read("limits", limits);
    }

    TenantStatus parsedStatus() {
        return switch (status) {
            case null -> TenantStatus.ACTIVE;
            case "active" -> TenantStatus.ACTIVE;
            case "suspended" -> TenantStatus.SUSPENDED;
            default ->
                throw ProblemException.ofField(
                        ProblemType.INVALID_FIELD, "status", "Send active or suspended, or leave it out for active.");
        };
    }
}
