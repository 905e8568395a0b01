package dev.sluice.gateway.auth;

import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.HttpHeaders;

/** Finds the one API key that a request carries. Pure. */
final class Credential {

    static final String KEY_HEADER = "X-API-Key";

    private static final String BEARER = "bearer ";
    private static final Set<String> KEY_PARAMETERS =
            Set.of("api_key", "apikey", "api-key", "x-api-key", "access_token");
    private static final String KEY_PREFIX = "slk_";
    private static final String SESSION_PREFIX = "sls_";

    private Credential() {}

    /** The text presented as a key; empty when there is none. Refuses two keys, and one in the query. */
    static Optional<String> find(HttpHeaders headers, Map<String, List<String>> query) {
        refuseInQuery(query);
        List<String> authorizations = headers.getOrEmpty(HttpHeaders.AUTHORIZATION);
        List<String> keys = headers.getOrEmpty(KEY_HEADER);
        if (authorizations.size() + keys.size() > 1) {
            throw ProblemException.ofField(
                    ProblemType.INVALID_HEADER,
                    keys.isEmpty() ? HttpHeaders.AUTHORIZATION : KEY_HEADER,
                    "Send one API key, either as Authorization: Bearer <key> or as X-API-Key.");
        }
        if (!keys.isEmpty()) {
            return Optional.of(keys.getFirst());
        }
        if (authorizations.isEmpty()) {
            return Optional.empty();
        }
        String value = authorizations.getFirst();
        // Another scheme carries no key of ours: the answer is the same as to a wrong one.
        return Optional.of(
                value.regionMatches(true, 0, BEARER, 0, BEARER.length()) ? value.substring(BEARER.length()) : "");
    }

    /** What is in an address is logged on its way. */
    static void refuseInQuery(Map<String, List<String>> query) {
        query.forEach((name, values) -> {
            boolean key = KEY_PARAMETERS.contains(name.toLowerCase(Locale.ROOT))
                    || values.stream()
                            .anyMatch(value -> value != null
                                    && (value.startsWith(KEY_PREFIX) || value.startsWith(SESSION_PREFIX)));
            if (key) {
                throw ProblemException.ofField(
                        ProblemType.INVALID_PARAMETER,
                        name,
                        "Send the API key or session in a header, never in the query: addresses are logged on their way. "
                                + "If it was a real one, revoke it.");
            }
        });
    }
}
