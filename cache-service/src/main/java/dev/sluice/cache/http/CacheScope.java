package dev.sluice.cache.http;

import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import org.springframework.web.server.ServerWebExchange;

/** What an API key must be allowed to do here. The gateway asks for the same; this is the second lock. */
enum CacheScope {
    READ("cache:read"),
    WRITE("cache:write"),
    /** What is no tenant's own. */
    ADMIN("admin");

    private final String scope;

    CacheScope(String scope) {
        this.scope = scope;
    }

    /** The tenant of a request that may do this. */
    String requireTenant(ServerWebExchange exchange) {
        Identity identity = Identity.of(exchange);
        if (!identity.scopes().contains(scope) && !identity.scopes().contains(ADMIN.scope)) {
            throw new ProblemException(ProblemType.FORBIDDEN, "Use an API key with the scope " + scope + ".");
        }
        return identity.tenant();
    }
}
