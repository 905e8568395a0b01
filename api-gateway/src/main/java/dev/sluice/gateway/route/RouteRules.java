package dev.sluice.gateway.route;

import dev.sluice.gateway.apikey.Scopes;
import dev.sluice.gateway.tier.LimitBounds;
import dev.sluice.gateway.tier.RouteGroups;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.http.HttpMethod;

/** What a route must be, by itself; see {@link RouteClaims} for what it must be beside others. Pure. */
final class RouteRules {

    /** Those that the gateway lets in. */
    static final Set<HttpMethod> METHODS = Set.of(
            HttpMethod.GET,
            HttpMethod.HEAD,
            HttpMethod.POST,
            HttpMethod.PUT,
            HttpMethod.PATCH,
            HttpMethod.DELETE,
            HttpMethod.OPTIONS);

    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");
    private static final int MAX_HOSTS = 32;
    private static final int MAX_TARGETS = 32;
    private static final int MAX_WEIGHT = 1_000;
    private static final int MAX_PORT = 65_535;
    private static final int MAX_CONNECTIONS = 10_000;
    private static final long MAX_BODY_BYTES = 10L * 1024 * 1024 * 1024;

    private RouteRules() {}

    /** Whether a text can be the id of a route. */
    static boolean isId(String id) {
        return ID.matcher(id).matches();
    }

    /** All that is wrong with a route. */
    static List<RouteFault> check(Route route) {
        Faults faults = new Faults();
        faults.require(
                isId(route.id()),
                "id",
                "must be 1 to 63 of a-z, 0-9, dot, underscore and hyphen, a letter or digit first");
        hosts(route.match().hosts(), faults);
        faults.require(
                METHODS.containsAll(route.match().methods()),
                "match.methods",
                "must be of GET, HEAD, POST, PUT, PATCH, DELETE and OPTIONS");
        HeaderRules.checkTests("match.headers", route.match().headers(), faults);
        PathRules.check(route, faults);
        targets(route.targets(), faults);
        HeaderRules.checkEdits("requestHeaders", route.requestHeaders(), faults);
        HeaderRules.checkEdits("responseHeaders", route.responseHeaders(), faults);
        TermRules.check(route, faults);
        admission(route, faults);
        route.cache().ifPresent(policy -> CacheRules.check(policy, route.access(), faults));
        return faults.all();
    }

    private static void hosts(List<String> hosts, Faults faults) {
        faults.require(hosts.size() <= MAX_HOSTS, "match.hosts", "must be at most " + MAX_HOSTS);
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < hosts.size(); i++) {
            String field = "match.hosts[" + i + "]";
            faults.require(
                    HostNames.isRouteHost(hosts.get(i)),
                    field,
                    "must be a name such as shop.example.com or *.example.com, in lower case, without a port");
            faults.require(seen.add(hosts.get(i)), field, "must not stand twice");
        }
    }

    private static void targets(List<Target> targets, Faults faults) {
        faults.requireNumber("targets", targets.size(), 1, MAX_TARGETS);
        Set<URI> seen = new HashSet<>();
        long weights = 0;
        for (int i = 0; i < targets.size(); i++) {
            Target target = targets.get(i);
            String field = "targets[" + i + "]";
            faults.require(
                    isOrigin(target.url()),
                    field + ".url",
                    "must be http or https, a host and perhaps a port, such as https://shop.internal:8443, no path");
            faults.require(seen.add(target.url()), field + ".url", "must not stand twice; give it a weight");
            faults.requireNumber(field + ".weight", target.weight(), 0, MAX_WEIGHT);
            weights += target.weight();
        }
        faults.require(targets.isEmpty() || weights > 0, "targets", "must have a weight above 0 on one of them");
    }

    private static boolean isOrigin(URI url) {
        boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        return http
                && url.getHost() != null
                && url.getPort() != 0
                && url.getPort() <= MAX_PORT
                && url.getRawUserInfo() == null
                && url.getRawQuery() == null
                && url.getRawFragment() == null
                && (url.getRawPath() == null || url.getRawPath().isEmpty());
    }

    private static void admission(Route route, Faults faults) {
        faults.require(
                RouteGroups.isKnown(route.limitGroup()) && !route.limitGroup().equals(RouteGroups.EVERY),
                "limitGroup",
                "must be a group that limits are given for; leave it out for " + Route.USUAL_LIMIT_GROUP);
        faults.requireNumber("cost", route.cost(), 0, LimitBounds.MAX_COST);
        faults.require(Scopes.ALL.containsAll(route.scopes()), "scopes", "must be of " + String.join(", ", Scopes.ALL));
        faults.require(
                route.access() == Access.KEY || route.scopes().isEmpty(),
                "scopes",
                "must be left out with access anonymous or session: who sends no key has no scopes");
        faults.require(
                route.access() != Access.ANONYMOUS || route.identity() == CallerIdentity.NONE,
                "identity",
                "must be none with access anonymous: nobody is known there");
        faults.requireNumber("maxConnections", route.maxConnections(), 1, MAX_CONNECTIONS);
        faults.requireNumber("maxBodyBytes", route.maxBodyBytes(), 0, MAX_BODY_BYTES);
    }
}
