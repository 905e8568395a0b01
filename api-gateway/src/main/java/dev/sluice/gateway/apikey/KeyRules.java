package dev.sluice.gateway.apikey;

import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;

/** What the fields of a key may be, whether it is made or changed. Pure. */
final class KeyRules {

    private static final int MAX_NAME = 100;
    private static final Duration MAX_LIFE = Duration.ofDays(3_660);

    private KeyRules() {}

    static void checkName(String name) {
        if (name.isBlank() || name.length() > MAX_NAME || name.chars().anyMatch(Character::isISOControl)) {
            throw invalid("name", "Give a name of 1 to " + MAX_NAME + " characters without control characters.");
        }
    }

    static void checkScopes(List<String> scopes) {
        if (scopes.isEmpty()) {
            throw invalid("scopes", "Name at least one of " + String.join(", ", Scopes.ALL) + ".");
        }
        for (int i = 0; i < scopes.size(); i++) {
            String scope = scopes.get(i);
            if (scope == null || !Scopes.ALL.contains(scope)) {
                throw invalid("scopes[" + i + "]", "Use only these scopes: " + String.join(", ", Scopes.ALL) + ".");
            }
            if (scopes.indexOf(scope) < i) {
                throw invalid("scopes[" + i + "]", "Name every scope once.");
            }
        }
    }

    static Instant parseExpiry(String text, Instant now) {
        try {
            Instant at = OffsetDateTime.parse(text).toInstant();
            if (at.isAfter(now) && at.isBefore(now.plus(MAX_LIFE))) {
                return at;
            }
        } catch (DateTimeException e) {
            // Answered below, with an example.
        }
        throw invalid("expiresAt", "Send a time of the next ten years with its offset, such as 2030-01-31T12:00:00Z.");
    }

    static ProblemException invalid(String field, String detail) {
        return ProblemException.ofField(ProblemType.INVALID_FIELD, field, detail);
    }
}
