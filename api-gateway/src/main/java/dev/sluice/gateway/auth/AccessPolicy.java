package dev.sluice.gateway.auth;

import dev.sluice.gateway.apikey.Scopes;
import dev.sluice.gateway.route.Access;
import dev.sluice.gateway.route.Route;
import java.util.List;
import java.util.Set;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.PathContainer.PathSegment;

/**
 * What a request needs before it is let in, by method and path. Paths are compared segment by segment as the routes
 * compare them, decoded, so that no other spelling of a path needs less. What no rule names needs a key. Pure.
 */
final class AccessPolicy {

    /** What a request needs. */
    sealed interface Requirement {

        /** Nothing: anybody may ask. */
        record Open() implements Requirement {}

        /** Any valid key. */
        record AnyKey() implements Requirement {}

        /** A key with this scope, or an admin key. */
        record Scope(String name) implements Requirement {}

        /** A key with all of these scopes, or an admin key. */
        record AllScopes(Set<String> names) implements Requirement {}
    }

    /** A prefix in which {@code *} is any segment. */
    private record Rule(List<String> prefix, Requirement read, Requirement write) {

        boolean fits(List<String> segments) {
            if (segments.size() < prefix.size()) {
                return false;
            }
            for (int i = 0; i < prefix.size(); i++) {
                String wanted = prefix.get(i);
                if (!wanted.equals("*") && !wanted.equals(segments.get(i))) {
                    return false;
                }
            }
            return true;
        }
    }

    private static final Requirement OPEN = new Requirement.Open();
    private static final Requirement ANY_KEY = new Requirement.AnyKey();
    private static final Requirement ADMIN = new Requirement.Scope(Scopes.ADMIN);

    /** The first rule that fits counts. */
    private static final List<Rule> RULES = List.of(
            rule("api/v1/events/stream", scope(Scopes.EVENTS_READ), scope(Scopes.EVENTS_READ)),
            rule("api/v1/events", ANY_KEY, scope(Scopes.EVENTS_WRITE)),
            rule("api/v1/event-types", ANY_KEY, ADMIN),
            rule("api/v1/jobs", scope(Scopes.EVENTS_WRITE), scope(Scopes.EVENTS_WRITE)),
            rule("api/v1/webhooks/*/secret", scope(Scopes.WEBHOOKS_SECRET), scope(Scopes.WEBHOOKS_WRITE)),
            // What receivers verify with.
            rule("api/v1/webhook-keys", OPEN, ANY_KEY),
            rule("api/v1/webhooks", scope(Scopes.WEBHOOKS_READ), scope(Scopes.WEBHOOKS_WRITE)),
            rule("api/v1/cache/namespaces/*/batch/get", scope(Scopes.CACHE_READ), scope(Scopes.CACHE_READ)),
            rule("api/v1/cache/namespaces", scope(Scopes.CACHE_READ), scope(Scopes.CACHE_WRITE)),
            rule("api/v1/cache/purge", scope(Scopes.CACHE_WRITE), scope(Scopes.CACHE_WRITE)),
            rule("api/v1/cache/purges", scope(Scopes.CACHE_READ), scope(Scopes.CACHE_READ)),
            // It counts what all tenants have.
            rule("api/v1/cache/info", ADMIN, ADMIN),
            rule("api/v1/cache/warm", scope(Scopes.CACHE_READ), scope(Scopes.CACHE_WRITE)),
            rule("api/v1/cache", scope(Scopes.METRICS_READ), ADMIN),
            // A page without figures; it asks for them with a key.
            rule("api/v1/monitoring/dashboard", OPEN, ADMIN),
            rule("api/v1/monitoring", scope(Scopes.METRICS_READ), ADMIN),
            rule("api/v1/sessions/introspect", scope(Scopes.SESSIONS_READ), scope(Scopes.SESSIONS_READ)),
            rule("api/v1/sessions", scope(Scopes.SESSIONS_READ), scope(Scopes.SESSIONS_WRITE)),
            rule("api/v1/tenants", ADMIN, ADMIN),
            rule("api/v1/usage", scope(Scopes.METRICS_READ), ADMIN),
            rule("api/v1/keys/*/usage", scope(Scopes.METRICS_READ), ADMIN),
            rule("api/v1/keys", ADMIN, ADMIN),
            rule("api/v1/routes", ADMIN, ADMIN),
            rule("api/v1/tiers", ANY_KEY, ADMIN),
            // The schemas are the contract with foreign clients; a look-up by POST changes nothing.
            rule("schema-registry", OPEN, OPEN));

    private AccessPolicy() {}

    static Requirement of(HttpMethod method, PathContainer path) {
        List<String> segments = path.elements().stream()
                .filter(PathSegment.class::isInstance)
                .map(element -> ((PathSegment) element).valueToMatch())
                .toList();
        boolean reads = method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
        if (segments.isEmpty()) {
            return reads ? OPEN : ANY_KEY;
        }
        for (Rule rule : RULES) {
            if (rule.fits(segments)) {
                return reads ? rule.read : rule.write;
            }
        }
        return ANY_KEY;
    }

    /** What a request to a customer's upstream needs. */
    static Requirement of(Route route) {
        if (route.access() == Access.ANONYMOUS) {
            return OPEN;
        }
        return route.scopes().isEmpty() ? ANY_KEY : new Requirement.AllScopes(route.scopes());
    }

    private static Rule rule(String prefix, Requirement read, Requirement write) {
        return new Rule(List.of(prefix.split("/")), read, write);
    }

    private static Requirement scope(String name) {
        return new Requirement.Scope(name);
    }
}
