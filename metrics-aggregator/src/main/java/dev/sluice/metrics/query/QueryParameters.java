package dev.sluice.metrics.query;

import dev.sluice.metrics.query.CacheAnswers.Period;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.platform.web.StrictQuery;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what several questions take, and refuses what cannot be with what to send instead. */
final class QueryParameters {
    /** May ask for every tenant. */
    private static final String ADMIN = "admin";

    private static final int MAX_NAME_LENGTH = 256;

    private QueryParameters() {}

    /** What {@code window} asks for, up to now. */
    static Period period(StrictQuery query, Instant now) {
        QueryWindow window = query.text("window").map(QueryParameters::window).orElse(QueryWindow.DEFAULT);
        return new Period(window.length().toString(), window.from(now), now);
    }

    private static QueryWindow window(String text) {
        try {
            return QueryWindow.parse(text);
        } catch (IllegalArgumentException e) {
            throw invalid("window", QueryWindow.REMEDY);
        }
    }

    /** The caller's, or the one that an administrator asks for. */
    static String tenant(StrictQuery query, Identity caller) {
        String asked = query.text("tenant").orElse(caller.tenant());
        if (asked.equals(caller.tenant())) {
            return asked;
        }
        if (!caller.scopes().contains(ADMIN)) {
            throw ProblemException.ofField(
                    ProblemType.FORBIDDEN,
                    "tenant",
                    "Only a key with the scope admin may ask for other tenants; leave the parameter out.");
        }
        if (asked.length() > MAX_NAME_LENGTH || asked.chars().anyMatch(Character::isISOControl)) {
            throw invalid(
                    "tenant",
                    "Send at most " + MAX_NAME_LENGTH + " characters, no control characters among them, or * for all.");
        }
        return asked;
    }

    /** The one that is asked for; null for all. */
    static @Nullable String namespace(StrictQuery query) {
        return name(query, "namespace", "Name a cache namespace").orElse(null);
    }

    /** What a parameter names, if it is there. */
    static Optional<String> name(StrictQuery query, String parameter, String remedy) {
        Optional<String> name = query.text(parameter);
        if (name.filter(text -> text.length() > MAX_NAME_LENGTH || text.chars().anyMatch(Character::isISOControl))
                .isPresent()) {
            throw invalid(
                    parameter,
                    remedy + ": at most " + MAX_NAME_LENGTH + " characters, no control characters among them.");
        }
        return name;
    }

    static ProblemException invalid(String parameter, String remedy) {
        return ProblemException.ofField(ProblemType.INVALID_PARAMETER, parameter, remedy);
    }
}
