package dev.sluice.gateway.session;

import java.util.Optional;
import org.springframework.web.server.ServerWebExchange;

/**
 * A user of a tenant, known by a session.
 *
 * @param user what the tenant calls its user; visible ASCII
 */
public record SessionUser(String tenant, String user) {

    private static final String ATTRIBUTE = SessionUser.class.getName();

    /** Whose request it is; empty when it came without a session, or where none is looked at. */
    public static Optional<SessionUser> of(ServerWebExchange exchange) {
        return Optional.ofNullable(exchange.getAttribute(ATTRIBUTE));
    }

    /** Makes this the user of the request. */
    public void establish(ServerWebExchange exchange) {
        exchange.getAttributes().put(ATTRIBUTE, this);
    }
}
