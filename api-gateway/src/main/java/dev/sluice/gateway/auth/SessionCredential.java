package dev.sluice.gateway.auth;

import dev.sluice.gateway.session.SessionCookie;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpHeaders;

/** Finds the one session that a request carries: in Authorization, else in the cookie. Pure. */
final class SessionCredential {

    private static final String SCHEME = "session ";

    private SessionCredential() {}

    /** The text presented as a token; empty when there is none, or another credential that goes before the cookie. */
    static Optional<String> find(HttpHeaders headers) {
        List<String> authorizations = headers.getOrEmpty(HttpHeaders.AUTHORIZATION);
        boolean hasKey = headers.containsHeader(Credential.KEY_HEADER);
        if (authorizations.size() == 1 && isSession(authorizations.getFirst())) {
            if (hasKey) {
                throw ProblemException.ofField(
                        ProblemType.INVALID_HEADER, Credential.KEY_HEADER, "Send an API key or a session, not both.");
            }
            return Optional.of(authorizations.getFirst().substring(SCHEME.length()));
        }
        if (!authorizations.isEmpty() || hasKey) {
            return Optional.empty();
        }
        List<String> cookies = SessionCookie.find(headers.getOrEmpty(HttpHeaders.COOKIE));
        if (cookies.size() > 1) {
            throw ProblemException.ofField(
                    ProblemType.INVALID_HEADER, HttpHeaders.COOKIE, "Send one cookie " + SessionCookie.NAME + ".");
        }
        return cookies.stream().findFirst();
    }

    private static boolean isSession(String value) {
        return value.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
    }
}
