package dev.sluice.gateway.route;

import dev.sluice.gateway.route.CachePolicy.Share;
import dev.sluice.platform.web.ProblemType;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;

/** Reads a route from a document of maps and lists. Finds every fault at once. Pure. */
final class RouteReader {

    private static final String ID = "id";
    private static final String EXAMPLE_URL = "http://127.0.0.1:3000";
    private static final String[] FIELDS = {
        "match",
        "targets",
        "rewrite",
        "requestHeaders",
        "responseHeaders",
        "timeouts",
        "retry",
        "breaker",
        "health",
        "limitGroup",
        "cost",
        "access",
        "scopes",
        "identity",
        "maxConnections",
        "maxBodyBytes",
        "cache"
    };

    private RouteReader() {}

    /** A route as far as it could be read, and all that is wrong with it. */
    record Reading(Route route, List<RouteFault> faults) {

        Reading {
            faults = List.copyOf(faults);
        }
    }

    /** Reads a route that says its own id. */
    static Reading readWithId(@Nullable Object document, Spelling spelling) {
        RouteNode node = new RouteNode("", document, spelling, new Faults());
        List<String> fields = new ArrayList<>(List.of(FIELDS));
        fields.addFirst(ID);
        node.only(fields.toArray(String[]::new));
        return read(node.child(ID).requiredText("shop"), node);
    }

    /** Reads a route whose id is known. */
    static Reading read(String id, @Nullable Object document, Spelling spelling) {
        RouteNode node = new RouteNode("", document, spelling, new Faults());
        return read(id, node.only(FIELDS));
    }

    private static Reading read(String id, RouteNode node) {
        Route route = route(id, node);
        List<RouteFault> faults = new ArrayList<>(node.faults().all());
        List<RouteFault> unread = List.copyOf(faults);
        // What could not be read stands in for itself; that it is not right either is no news.
        RouteRules.check(route).stream()
                .filter(fault -> unread.stream().noneMatch(fault::isWithin))
                .forEach(faults::add);
        return new Reading(
                route,
                faults.stream()
                        .map(fault ->
                                new RouteFault(fault.type(), node.spelling().path(fault.field()), fault.detail()))
                        .toList());
    }

    private static Route route(String id, RouteNode node) {
        Route route = new Route(
                id,
                match(node.child("match")),
                targets(node.child("targets")),
                rewrite(node.child("rewrite")),
                edits(node.child("requestHeaders")),
                edits(node.child("responseHeaders")),
                timeouts(node.child("timeouts")),
                retry(node.child("retry")),
                breaker(node.child("breaker")),
                health(node.child("health")),
                node.child("limitGroup").text(Route.USUAL_LIMIT_GROUP),
                node.child("cost").smallNumber(1),
                node.child("access").oneOf(Access.KEY),
                distinct(node.child("scopes")),
                node.child("identity").oneOf(CallerIdentity.NONE),
                node.child("maxConnections").smallNumber(Route.USUAL_MAX_CONNECTIONS),
                node.child("maxBodyBytes").number(Route.USUAL_MAX_BODY_BYTES),
                Optional.empty());
        return route.withCache(cache(node.child("cache"), route.access()));
    }

    private static RouteMatch match(RouteNode node) {
        node.only("hosts", "path", "methods", "headers");
        Set<HttpMethod> methods = new HashSet<>();
        node.child("methods").texts().forEach(method -> methods.add(HttpMethod.valueOf(method)));
        return new RouteMatch(
                node.child("hosts").texts(),
                node.child("path").requiredText("/shop/**"),
                methods,
                node.child("headers").items().stream()
                        .map(RouteReader::headerTest)
                        .toList());
    }

    private static HeaderTest headerTest(RouteNode node) {
        node.only("name", "value");
        return new HeaderTest(
                node.child("name").requiredText("X-Version"),
                node.child("value").optionalText());
    }

    private static List<Target> targets(RouteNode node) {
        if (node.isAbsent()) {
            node.wrong(
                    ProblemType.MISSING_FIELD,
                    "is missing; add at least one, such as {\"url\": \"" + EXAMPLE_URL + "\"}");
        }
        return node.items().stream()
                .map(item -> item.only("url", "weight"))
                .map(item -> new Target(
                        origin(url(item.child("url"))), item.child("weight").smallNumber(Target.USUAL_WEIGHT)))
                .toList();
    }

    private static URI url(RouteNode node) {
        String text = node.requiredText(EXAMPLE_URL);
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            node.wrong(ProblemType.INVALID_FIELD, "must be a URL such as " + EXAMPLE_URL);
            return URI.create(EXAMPLE_URL);
        }
    }

    /** The path of an origin is empty or {@code /}, and both are the same (RFC 9110, section 4.2.3). */
    private static URI origin(URI url) {
        boolean ends = "/".equals(url.getRawPath()) && url.getRawQuery() == null && url.getRawFragment() == null;
        String text = url.toString();
        return ends ? URI.create(text.substring(0, text.length() - 1)) : url;
    }

    private static Rewrite rewrite(RouteNode node) {
        node.only("stripPrefix", "addPrefix", "host");
        return new Rewrite(
                node.child("stripPrefix").optionalText(),
                node.child("addPrefix").optionalText(),
                node.child("host").oneOf(Rewrite.HostHeader.TARGET));
    }

    private static HeaderEdits edits(RouteNode node) {
        node.only("set", "add", "remove");
        return new HeaderEdits(
                node.child("set").textsByName(), node.child("add").textsByName(), distinct(node.child("remove")));
    }

    private static Timeouts timeouts(RouteNode node) {
        node.only("connect", "firstByte", "idle", "total");
        Timeouts usual = Timeouts.USUAL;
        return new Timeouts(
                node.child("connect").duration(usual.connect()),
                node.child("firstByte").duration(usual.firstByte()),
                node.child("idle").duration(usual.idle()),
                node.child("total").duration(usual.total()));
    }

    private static RetryRule retry(RouteNode node) {
        node.only("attempts", "onStatus", "backoff");
        RetryRule usual = RetryRule.USUAL;
        RouteNode onStatus = node.child("onStatus");
        Set<Integer> statuses = new HashSet<>();
        onStatus.items().forEach(item -> statuses.add(item.smallNumber(0)));
        return new RetryRule(
                node.child("attempts").smallNumber(usual.attempts()),
                onStatus.isAbsent() ? usual.onStatus() : statuses,
                node.child("backoff").duration(usual.backoff()));
    }

    private static BreakerRule breaker(RouteNode node) {
        node.only("failureRatio", "minimumCalls", "openFor");
        BreakerRule usual = BreakerRule.USUAL;
        return new BreakerRule(
                node.child("failureRatio").fraction(usual.failureRatio()),
                node.child("minimumCalls").smallNumber(usual.minimumCalls()),
                node.child("openFor").duration(usual.openFor()));
    }

    private static HealthCheck health(RouteNode node) {
        node.only("path", "interval", "timeout", "unhealthyAfter", "healthyAfter");
        HealthCheck usual = HealthCheck.NONE;
        return new HealthCheck(
                node.child("path").optionalText(),
                node.child("interval").duration(usual.interval()),
                node.child("timeout").duration(usual.timeout()),
                node.child("unhealthyAfter").smallNumber(usual.unhealthyAfter()),
                node.child("healthyAfter").smallNumber(usual.healthyAfter()));
    }

    private static Optional<CachePolicy> cache(RouteNode node, Access access) {
        if (node.isAbsent()) {
            return Optional.empty();
        }
        node.only("share", "setCookie", "defaultTtl", "maxTtl", "staleWhileRevalidate", "staleIfError", "maxBodyBytes");
        CachePolicy usual = CachePolicy.USUAL.withShare(access == Access.ANONYMOUS ? Share.ALL : Share.TENANT);
        return Optional.of(new CachePolicy(
                node.child("share").oneOf(usual.share()),
                node.child("setCookie").oneOf(usual.setCookie()),
                node.child("defaultTtl").duration(usual.defaultTtl()),
                node.child("maxTtl").duration(usual.maxTtl()),
                node.child("staleWhileRevalidate").duration(usual.staleWhileRevalidate()),
                node.child("staleIfError").duration(usual.staleIfError()),
                node.child("maxBodyBytes").number(usual.maxBodyBytes())));
    }

    private static Set<String> distinct(RouteNode node) {
        Set<String> distinct = new HashSet<>();
        for (RouteNode item : node.items()) {
            if (!distinct.add(item.text(""))) {
                item.wrong(ProblemType.INVALID_FIELD, "must not stand twice");
            }
        }
        return distinct;
    }
}
