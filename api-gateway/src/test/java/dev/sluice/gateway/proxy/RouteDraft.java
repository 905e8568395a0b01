package dev.sluice.gateway.proxy;

import dev.sluice.gateway.route.Access;
import dev.sluice.gateway.route.BreakerRule;
import dev.sluice.gateway.route.CachePolicy;
import dev.sluice.gateway.route.CallerIdentity;
import dev.sluice.gateway.route.HeaderEdits;
import dev.sluice.gateway.route.HealthCheck;
import dev.sluice.gateway.route.RetryRule;
import dev.sluice.gateway.route.Rewrite;
import dev.sluice.gateway.route.Route;
import dev.sluice.gateway.route.RouteMatch;
import dev.sluice.gateway.route.Target;
import dev.sluice.gateway.route.Timeouts;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A route with everything usual but what a test says. */
final class RouteDraft {

    private final String id;
    private List<Target> targets = List.of();
    private Rewrite rewrite = Rewrite.NONE;
    private HeaderEdits requestHeaders = HeaderEdits.NONE;
    private HeaderEdits responseHeaders = HeaderEdits.NONE;
    private Timeouts timeouts = Timeouts.USUAL;
    private RetryRule retry = new RetryRule(1, Set.of(), Duration.ofMillis(1));
    private BreakerRule breaker = new BreakerRule(1, 10_000, Duration.ofSeconds(1));
    private HealthCheck health = HealthCheck.NONE;
    private int maxConnections = Route.USUAL_MAX_CONNECTIONS;
    private long maxBodyBytes = Route.USUAL_MAX_BODY_BYTES;
    private Optional<CachePolicy> cache = Optional.empty();
    private Access access = Access.ANONYMOUS;
    private CallerIdentity identity = CallerIdentity.NONE;

    private RouteDraft(String id) {
        this.id = id;
    }

    static RouteDraft of(String id, String... urls) {
        RouteDraft draft = new RouteDraft(id);
        draft.targets =
                Arrays.stream(urls).map(url -> new Target(URI.create(url), 1)).toList();
        return draft;
    }

    RouteDraft rewrite(Rewrite value) {
        rewrite = value;
        return this;
    }

    RouteDraft targets(Target... values) {
        targets = List.of(values);
        return this;
    }

    RouteDraft requestHeaders(HeaderEdits value) {
        requestHeaders = value;
        return this;
    }

    RouteDraft responseHeaders(HeaderEdits value) {
        responseHeaders = value;
        return this;
    }

    RouteDraft timeouts(long connectMillis, long firstByteMillis, long idleMillis, long totalMillis) {
        timeouts = new Timeouts(
                Duration.ofMillis(connectMillis),
                Duration.ofMillis(firstByteMillis),
                Duration.ofMillis(idleMillis),
                Duration.ofMillis(totalMillis));
        return this;
    }

    RouteDraft retry(int attempts, Integer... statuses) {
        retry = new RetryRule(attempts, Set.of(statuses), Duration.ofMillis(1));
        return this;
    }

    RouteDraft breaker(double ratio, int minimumCalls, Duration openFor) {
        breaker = new BreakerRule(ratio, minimumCalls, openFor);
        return this;
    }

    RouteDraft health(HealthCheck value) {
        health = value;
        return this;
    }

    RouteDraft maxConnections(int value) {
        maxConnections = value;
        return this;
    }

    RouteDraft maxBodyBytes(long value) {
        maxBodyBytes = value;
        return this;
    }

    RouteDraft cache(CachePolicy policy) {
        cache = Optional.of(policy);
        return this;
    }

    RouteDraft access(Access value, CallerIdentity told) {
        access = value;
        identity = told;
        return this;
    }

    Route route() {
        return new Route(
                id,
                new RouteMatch(List.of(), "/" + id + "/**", Set.of(), List.of()),
                targets,
                rewrite,
                requestHeaders,
                responseHeaders,
                timeouts,
                retry,
                breaker,
                health,
                Route.USUAL_LIMIT_GROUP,
                1,
                access,
                Set.of(),
                identity,
                maxConnections,
                maxBodyBytes,
                cache);
    }
}
