package dev.sluice.gateway.auth;

import dev.sluice.gateway.route.Access;
import dev.sluice.gateway.route.RouteHit;
import dev.sluice.gateway.session.SessionUser;
import dev.sluice.gateway.session.UserSessions;
import dev.sluice.platform.web.FilterOrder;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import java.util.Optional;
import java.util.Set;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Lets a request in that carries the session of a tenant's user, where its route takes one, and makes the tenant its
 * identity. Asks Redis once for each such request.
 */
final class SessionFilter implements WebFilter, Ordered {

    private final UserSessions sessions;
    private final Callers callers;

    SessionFilter(UserSessions sessions, Callers callers) {
        this.sessions = sessions;
        this.callers = callers;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        boolean takesSessions = RouteHit.of(exchange)
                .filter(hit -> hit.route().access() == Access.SESSION)
                .isPresent();
        if (!takesSessions) {
            return chain.filter(exchange);
        }
        return Mono.defer(() -> {
            Optional<String> token =
                    SessionCredential.find(exchange.getRequest().getHeaders());
            if (token.isEmpty()) {
                return chain.filter(exchange);
            }
            Credential.refuseInQuery(exchange.getRequest().getQueryParams());
            return admit(exchange, chain, token.get());
        });
    }

    private Mono<Void> admit(ServerWebExchange exchange, WebFilterChain chain, String token) {
        return sessions.use(token)
                .map(Optional::of)
                .defaultIfEmpty(Optional.empty())
                .flatMap(found -> {
                    SessionUser user = found.orElseThrow(SessionFilter::refused);
                    callers.establish(exchange, user.tenant(), Callers.NO_KEY, Set.of());
                    user.establish(exchange);
                    return chain.filter(exchange);
                });
    }

    private static ProblemException refused() {
        return new ProblemException(ProblemType.UNAUTHENTICATED, "The session is unknown or over; log in again.")
                .withHeader(HttpHeaders.WWW_AUTHENTICATE, "Session realm=\"sluice\", error=\"invalid_token\"");
    }

    /** Before keys are asked for. */
    @Override
    public int getOrder() {
        return FilterOrder.AUTHENTICATION - 1;
    }
}
