package dev.sluice.gateway.session;

import java.time.Duration;
import reactor.core.publisher.Mono;

/** The sessions of users, as credentials. Thread-safe. */
public final class UserSessions {

    /** Each use that is noted is a write; so late can a session end that nobody uses any more. */
    private static final Duration PAUSE = Duration.ofSeconds(10);

    private final SessionStore sessions;

    UserSessions(SessionStore sessions) {
        this.sessions = sessions;
    }

    /** Whose token it is, and uses the session; empty when it is none, or over. Fails with a problem without Redis. */
    public Mono<SessionUser> use(String token) {
        return Mono.justOrEmpty(SessionToken.parse(token))
                .flatMap(parsed -> sessions.use(parsed, PAUSE))
                .map(session -> new SessionUser(session.tenant(), session.user()));
    }
}
