package dev.sluice.platform.web;

import java.util.Set;
import org.springframework.web.server.ServerWebExchange;

/**
 * Who is asking: established by the gateway from an API key, carried to the services by a signed token.
 *
 * @param tenant tenant id
 * @param keyId id of the API key
 * @param tier name of the tenant's tier
 * @param scopes what the key may do
 */
public record Identity(String tenant, String keyId, String tier, Set<String> scopes) {

    static final String ATTRIBUTE = Identity.class.getName();

    public Identity {
        scopes = Set.copyOf(scopes);
    }

    /** The identity of an authenticated request; refuses one that has none. */
    public static Identity of(ServerWebExchange exchange) {
        Identity identity = exchange.getAttribute(ATTRIBUTE);
        if (identity == null) {
            throw new ProblemException(ProblemType.UNAUTHENTICATED, "Send an API key as Authorization: Bearer <key>.")
                    .withHeader("WWW-Authenticate", "Bearer");
        }
        return identity;
    }

    /** Whether the request is authenticated. */
    public static boolean isKnown(ServerWebExchange exchange) {
        return exchange.getAttributes().containsKey(ATTRIBUTE);
    }

    /** Makes this the identity of the request. */
    public void establish(ServerWebExchange exchange) {
        exchange.getAttributes().put(ATTRIBUTE, this);
    }
}
