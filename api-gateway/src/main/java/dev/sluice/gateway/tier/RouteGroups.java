package dev.sluice.gateway.tier;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.PathContainer.PathSegment;

/**
 * Which group a request belongs to: what limits are given for. Paths are compared decoded, so that no other spelling of
 * a path escapes its limit. Pure.
 */
public final class RouteGroups {

    public static final String CHARTS = "charts";
    public static final String READINGS = "readings";
    public static final String EVENTS = "events";
    public static final String WEBHOOKS = "webhooks";
    public static final String CACHE = "cache";
    public static final String METRICS = "metrics";
    public static final String ADMIN = "admin";
    /** Requests to customers' upstreams whose route names no group. */
    public static final String ROUTES = "routes";

    public static final String OTHER = "other";

    /** The group of a limit that covers every request. */
    public static final String EVERY = "*";

    private static final Set<String> ALL =
            Set.of(CHARTS, READINGS, EVENTS, WEBHOOKS, CACHE, METRICS, ADMIN, ROUTES, OTHER, EVERY);

    /** All of them, for people. */
    static final String NAMES = ALL.stream().sorted().collect(Collectors.joining(", "));

    private static final Set<HttpMethod> READS = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    private RouteGroups() {}

    /** Whether a limit may be given for it. */
    public static boolean isKnown(String group) {
        return ALL.contains(group);
    }

    public static String groupOf(HttpMethod method, PathContainer path) {
        List<String> segments = segmentsOf(path);
        if (segments.size() < 3
                || !segments.get(0).equals("api")
                || !segments.get(1).equals("v1")) {
            return OTHER;
        }
        return switch (segments.get(2)) {
            case "charts" -> CHARTS;
            case "readings" -> READINGS;
            case "events" -> EVENTS;
            case "webhooks", "webhook-keys" -> WEBHOOKS;
            case "cache" -> isUnder(segments, "namespaces") ? CACHE : METRICS;
            case "monitoring", "usage" -> METRICS;
            case "keys", "tenants", "routes", "audit" -> ADMIN;
            case "tiers", "event-types" -> READS.contains(method) ? OTHER : ADMIN;
            default -> OTHER;
        };
    }

    private static boolean isUnder(List<String> segments, String name) {
        return segments.size() > 3 && segments.get(3).equals(name);
    }

    private static List<String> segmentsOf(PathContainer path) {
        return path.elements().stream()
                .filter(PathSegment.class::isInstance)
                .map(element -> ((PathSegment) element).valueToMatch())
                .limit(4)
                .toList();
    }
}
