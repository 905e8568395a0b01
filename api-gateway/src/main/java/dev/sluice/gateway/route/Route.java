package dev.sluice.gateway.route;

import dev.sluice.gateway.tier.RouteGroups;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where requests of one kind go, and on which terms.
 *
 * @param id its name in the API, in metrics and in logs
 * @param match which requests are its own
 * @param targets the upstreams that share its requests; at least one
 * @param limitGroup the group of limits that its requests count in
 * @param cost how many times what its tier says that a request of the group costs
 * @param access whether a request needs an API key
 * @param scopes what the key must have, all of them
 * @param identity what the upstream is told of the caller
 * @param maxConnections most connections to each target
 * @param maxBodyBytes the largest request body
 * @param cache how its answers are kept and used again; empty when they are not
 */
public record Route(
        String id,
        RouteMatch match,
        List<Target> targets,
        Rewrite rewrite,
        HeaderEdits requestHeaders,
        HeaderEdits responseHeaders,
        Timeouts timeouts,
        RetryRule retry,
        BreakerRule breaker,
        HealthCheck health,
        String limitGroup,
        int cost,
        Access access,
        Set<String> scopes,
        CallerIdentity identity,
        int maxConnections,
        long maxBodyBytes,
        Optional<CachePolicy> cache) {

    /** The group of a route that names none. */
    public static final String USUAL_LIMIT_GROUP = RouteGroups.ROUTES;

    public static final int USUAL_MAX_CONNECTIONS = 100;
    public static final long USUAL_MAX_BODY_BYTES = 1024 * 1024;

    public Route {
        targets = List.copyOf(targets);
        scopes = Set.copyOf(scopes);
    }

    /** The same route with other edits of a request's headers. */
    Route withRequestHeaders(HeaderEdits edits) {
        return with(match, edits, cache);
    }

    /** The same route for other requests. */
    Route withMatch(RouteMatch other) {
        return with(other, requestHeaders, cache);
    }

    /** The same route that keeps its answers so. */
    Route withCache(Optional<CachePolicy> policy) {
        return with(match, requestHeaders, policy);
    }

    private Route with(RouteMatch requests, HeaderEdits edits, Optional<CachePolicy> policy) {
        return new Route(
                id,
                requests,
                targets,
                rewrite,
                edits,
                responseHeaders,
                timeouts,
                retry,
                breaker,
                health,
                limitGroup,
                cost,
                access,
                scopes,
                identity,
                maxConnections,
                maxBodyBytes,
                policy);
    }
}
