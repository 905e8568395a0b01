package dev.sluice.gateway.route;

import dev.sluice.platform.kafka.seal.Keyring;
import dev.sluice.record.RouteAccess;
import dev.sluice.record.RouteConfig;
import dev.sluice.record.RouteHost;
import dev.sluice.record.RouteIdentity;
import dev.sluice.record.RouteStatus;
import dev.sluice.record.RouteTarget;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.http.HttpMethod;

/** Routes as records of the log, and back. Thread-safe. */
final class RouteRecords {

    private final HeaderSeal seal;

    RouteRecords(Keyring ring) {
        this.seal = new HeaderSeal(ring);
    }

    RouteConfig write(Route route, Instant now) {
        Timeouts timeouts = route.timeouts();
        RetryRule retry = route.retry();
        HealthCheck health = route.health();
        return RouteConfig.newBuilder()
                .setId(route.id())
                .setStatus(RouteStatus.ACTIVE)
                .setHosts(route.match().hosts())
                .setPath(route.match().path())
                .setMethods(route.match().methods().stream()
                        .map(HttpMethod::name)
                        .sorted()
                        .toList())
                .setHeaders(route.match().headers().stream()
                        .map(test -> seal.seal(route.id(), test))
                        .toList())
                .setTargets(route.targets().stream()
                        .map(target -> new RouteTarget(target.url().toString(), target.weight()))
                        .toList())
                .setStripPrefix(route.rewrite().stripPrefix().orElse(null))
                .setAddPrefix(route.rewrite().addPrefix().orElse(null))
                .setHost(
                        switch (route.rewrite().host()) {
                            case TARGET -> RouteHost.TARGET;
                            case CALLER -> RouteHost.CALLER;
                        })
                .setRequestHeaders(seal.seal(route.id(), route.requestHeaders()))
                .setResponseHeaders(HeaderSeal.plain(route.responseHeaders()))
                .setConnectMillis(timeouts.connect().toMillis())
                .setFirstByteMillis(timeouts.firstByte().toMillis())
                .setIdleMillis(timeouts.idle().toMillis())
                .setTotalMillis(timeouts.total().toMillis())
                .setRetryAttempts(retry.attempts())
                .setRetryStatuses(retry.onStatus().stream().sorted().toList())
                .setRetryBackoffMillis(retry.backoff().toMillis())
                .setFailureRatio(route.breaker().failureRatio())
                .setMinimumCalls(route.breaker().minimumCalls())
                .setOpenForMillis(route.breaker().openFor().toMillis())
                .setHealthPath(health.path().orElse(null))
                .setHealthIntervalMillis(health.interval().toMillis())
                .setHealthTimeoutMillis(health.timeout().toMillis())
                .setUnhealthyAfter(health.unhealthyAfter())
                .setHealthyAfter(health.healthyAfter())
                .setLimitGroup(route.limitGroup())
                .setCost(route.cost())
                .setAccess(
                        switch (route.access()) {
                            case KEY -> RouteAccess.KEY;
                            case SESSION -> RouteAccess.SESSION;
                            case ANONYMOUS -> RouteAccess.ANONYMOUS;
                        })
                .setScopes(route.scopes().stream().sorted().toList())
                .setIdentity(
                        switch (route.identity()) {
                            case NONE -> RouteIdentity.NONE;
                            case HEADERS -> RouteIdentity.HEADERS;
                        })
                .setMaxConnections(route.maxConnections())
                .setMaxBodyBytes(route.maxBodyBytes())
                .setCache(route.cache().map(CacheRecords::write).orElse(null))
                .setUpdatedAt(now)
                .build();
    }

    /** The record that hides a route of the file. */
    RouteConfig removed(Route route, Instant now) {
        return RouteConfig.newBuilder(write(route, now))
                .setStatus(RouteStatus.REMOVED)
                .build();
    }

    /** The route of a record that is not removed. Refuses, with a sentence, what is no route. */
    Route read(String key, RouteConfig config) {
        if (!key.equals(config.getId())) {
            throw new IllegalArgumentException("id must be the key of the record");
        }
        Route route = new Route(
                config.getId(),
                new RouteMatch(
                        config.getHosts(),
                        config.getPath(),
                        config.getMethods().stream().map(HttpMethod::valueOf).collect(Collectors.toSet()),
                        config.getHeaders().stream()
                                .map(test -> seal.open(config.getId(), test))
                                .toList()),
                config.getTargets().stream()
                        .map(target -> new Target(URI.create(target.getUrl()), target.getWeight()))
                        .toList(),
                new Rewrite(
                        Optional.ofNullable(config.getStripPrefix()),
                        Optional.ofNullable(config.getAddPrefix()),
                        host(config.getHost())),
                seal.open(config.getId(), config.getRequestHeaders()),
                seal.open(config.getId(), config.getResponseHeaders()),
                new Timeouts(
                        Duration.ofMillis(config.getConnectMillis()),
                        Duration.ofMillis(config.getFirstByteMillis()),
                        Duration.ofMillis(config.getIdleMillis()),
                        Duration.ofMillis(config.getTotalMillis())),
                new RetryRule(
                        config.getRetryAttempts(),
                        new HashSet<>(config.getRetryStatuses()),
                        Duration.ofMillis(config.getRetryBackoffMillis())),
                new BreakerRule(
                        config.getFailureRatio(),
                        config.getMinimumCalls(),
                        Duration.ofMillis(config.getOpenForMillis())),
                new HealthCheck(
                        Optional.ofNullable(config.getHealthPath()),
                        Duration.ofMillis(config.getHealthIntervalMillis()),
                        Duration.ofMillis(config.getHealthTimeoutMillis()),
                        config.getUnhealthyAfter(),
                        config.getHealthyAfter()),
                config.getLimitGroup(),
                config.getCost(),
                access(config.getAccess()),
                new HashSet<>(config.getScopes()),
                identity(config.getIdentity()),
                config.getMaxConnections(),
                config.getMaxBodyBytes(),
                Optional.ofNullable(config.getCache()).map(CacheRecords::read));
        List<RouteFault> faults = RouteRules.check(route);
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(
                    faults.stream().map(RouteFault::toString).collect(Collectors.joining("; ")));
        }
        return route;
    }

    private static Rewrite.HostHeader host(RouteHost host) {
        return switch (host) {
            case TARGET -> Rewrite.HostHeader.TARGET;
            case CALLER -> Rewrite.HostHeader.CALLER;
            case UNKNOWN -> throw new IllegalArgumentException("rewrite.host is not known to this version");
        };
    }

    private static CallerIdentity identity(RouteIdentity identity) {
        return switch (identity) {
            case NONE -> CallerIdentity.NONE;
            case HEADERS -> CallerIdentity.HEADERS;
            case UNKNOWN -> throw new IllegalArgumentException("identity is not known to this version");
        };
    }

    private static Access access(RouteAccess access) {
        return switch (access) {
            case KEY -> Access.KEY;
            case SESSION -> Access.SESSION;
            case ANONYMOUS -> Access.ANONYMOUS;
            case UNKNOWN -> throw new IllegalArgumentException("access is not known to this version");
        };
    }
}
