package dev.sluice.gateway.route;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;

/** A route as the API shows it: what can be sent back in a PUT, credentials masked, and where it stands. */
record RouteView(
        String id, String source, String etag, @Nullable Instant updatedAt, Terms route) {

    /** The document of a PUT, with nothing left out. */
    record Terms(
            Match match,
            List<TargetView> targets,
            RewriteView rewrite,
            Edits requestHeaders,
            Edits responseHeaders,
            Map<String, String> timeouts,
            Retry retry,
            Breaker breaker,
            Health health,
            String limitGroup,
            int cost,
            String access,
            List<String> scopes,
            String identity,
            int maxConnections,
            long maxBodyBytes,
            @Nullable Cache cache) {}

    record Match(List<String> hosts, String path, List<String> methods, List<Header> headers) {}

    record Header(String name, @Nullable String value) {}

    record TargetView(String url, int weight) {}

    record RewriteView(
            @Nullable String stripPrefix, @Nullable String addPrefix, String host) {}

    record Edits(Map<String, String> set, Map<String, String> add, List<String> remove) {}

    record Retry(int attempts, List<Integer> onStatus, String backoff) {}

    record Breaker(double failureRatio, int minimumCalls, String openFor) {}

    record Health(@Nullable String path, String interval, String timeout, int unhealthyAfter, int healthyAfter) {}

    record Cache(
            String share,
            String setCookie,
            String defaultTtl,
            String maxTtl,
            String staleWhileRevalidate,
            String staleIfError,
            long maxBodyBytes) {}

    static RouteView of(RouteEntry entry) {
        return new RouteView(
                entry.route().id(),
                RouteNode.nameOf(entry.source()),
                entry.entityTag(),
                entry.updatedAt().orElse(null),
                terms(entry.route()));
    }

    private static Terms terms(Route route) {
        return new Terms(
                match(route.match()),
                route.targets().stream()
                        .map(target -> new TargetView(target.url().toString(), target.weight()))
                        .toList(),
                new RewriteView(
                        route.rewrite().stripPrefix().orElse(null),
                        route.rewrite().addPrefix().orElse(null),
                        RouteNode.nameOf(route.rewrite().host())),
                edits(SecretHeaders.mask(route.requestHeaders())),
                edits(route.responseHeaders()),
                timeouts(route.timeouts()),
                new Retry(
                        route.retry().attempts(),
                        route.retry().onStatus().stream().sorted().toList(),
                        DurationText.write(route.retry().backoff())),
                new Breaker(
                        route.breaker().failureRatio(),
                        route.breaker().minimumCalls(),
                        DurationText.write(route.breaker().openFor())),
                health(route.health()),
                route.limitGroup(),
                route.cost(),
                RouteNode.nameOf(route.access()),
                route.scopes().stream().sorted().toList(),
                RouteNode.nameOf(route.identity()),
                route.maxConnections(),
                route.maxBodyBytes(),
                route.cache().map(RouteView::cache).orElse(null));
    }

    private static Cache cache(CachePolicy policy) {
        return new Cache(
                RouteNode.nameOf(policy.share()),
                RouteNode.nameOf(policy.setCookie()),
                DurationText.write(policy.defaultTtl()),
                DurationText.write(policy.maxTtl()),
                DurationText.write(policy.staleWhileRevalidate()),
                DurationText.write(policy.staleIfError()),
                policy.maxBodyBytes());
    }

    private static Match match(RouteMatch match) {
        return new Match(
                match.hosts(),
                match.path(),
                match.methods().stream().map(HttpMethod::name).sorted().toList(),
                SecretHeaders.mask(match.headers()).stream()
                        .map(test -> new Header(test.name(), test.value().orElse(null)))
                        .toList());
    }

    private static Edits edits(HeaderEdits edits) {
        return new Edits(
                new TreeMap<>(edits.set()),
                new TreeMap<>(edits.add()),
                edits.remove().stream().sorted().toList());
    }

    private static Map<String, String> timeouts(Timeouts timeouts) {
        return new TreeMap<>(Map.of(
                "connect", DurationText.write(timeouts.connect()),
                "firstByte", DurationText.write(timeouts.firstByte()),
                "idle", DurationText.write(timeouts.idle()),
                "total", DurationText.write(timeouts.total())));
    }

    private static Health health(HealthCheck health) {
        return new Health(
                health.path().orElse(null),
                DurationText.write(health.interval()),
                DurationText.write(health.timeout()),
                health.unhealthyAfter(),
                health.healthyAfter());
    }
}
