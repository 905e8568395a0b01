package dev.sluice.gateway.route;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;

/** Finds a route by trying them all: what the index is compared with. */
final class LinearRoutes {

    private final List<Route> routes;

    LinearRoutes(List<Route> routes) {
        this.routes = List.copyOf(routes);
    }

    /** A route that fits; its precision is compared part by part, larger first, as text. */
    private record Fit(Route route, String precision, Map<String, String> variables) {}

    Optional<RouteHit> find(String host, List<String> segments, HttpMethod method, HttpHeaders headers) {
        List<Fit> fits = new ArrayList<>();
        for (Route route : routes) {
            fit(route, host, segments, method, headers).ifPresent(fits::add);
        }
        return fits.stream()
                .max(Comparator.comparing(Fit::precision)
                        .thenComparing(fit -> fit.route().id(), Comparator.reverseOrder()))
                .map(fit -> new RouteHit(fit.route(), fit.variables()));
    }

    private static Optional<Fit> fit(
            Route route, String host, List<String> segments, HttpMethod method, HttpHeaders headers) {
        RouteMatch match = route.match();
        int hostRank = rankOfHost(match.hosts(), host.toLowerCase(Locale.ROOT));
        boolean rootOfAnyHost = hostRank == 0 && segments.isEmpty();
        boolean conditions = (match.methods().isEmpty() || match.methods().contains(method))
                && match.headers().stream().allMatch(test -> new CompiledHeaderTest(test).passes(headers));
        Map<String, String> variables = new TreeMap<>();
        String kinds = kinds(match.path(), segments, variables);
        if (hostRank < 0 || rootOfAnyHost || !conditions || kinds.isEmpty()) {
            return Optional.empty();
        }
        String precision = "%04d %s %02d %d"
                .formatted(
                        hostRank, kinds, match.headers().size(), match.methods().isEmpty() ? 0 : 1);
        return Optional.of(new Fit(route, precision, variables));
    }

    /** -1 when it does not fit, 0 for any, more for the more precise. */
    private static int rankOfHost(List<String> hosts, String host) {
        if (hosts.isEmpty()) {
            return 0;
        }
        return hosts.stream()
                .mapToInt(pattern -> {
                    if (pattern.equals(host)) {
                        return 1_000;
                    }
                    boolean below = pattern.startsWith("*")
                            && host.endsWith(pattern.substring(1))
                            && host.length() >= pattern.length();
                    return below ? pattern.length() : -1;
                })
                .max()
                .orElseThrow();
    }

    /** For each segment L, V or (for all that are left) B, and Z at the end; empty when it does not fit. */
    private static String kinds(String pattern, List<String> segments, Map<String, String> variables) {
        List<String> parts =
                pattern.equals("/") ? List.of() : List.of(pattern.substring(1).split("/", -1));
        StringBuilder kinds = new StringBuilder();
        for (int i = 0; i < parts.size(); i++) {
            String part = parts.get(i);
            if (part.equals("**")) {
                return kinds + "B";
            }
            if (i >= segments.size()) {
                return "";
            }
            if (part.startsWith("{")) {
                kinds.append('V');
                variables.put(part.substring(1, part.length() - 1), segments.get(i));
            } else if (part.equals(segments.get(i))) {
                kinds.append('W');
            } else {
                return "";
            }
        }
        return parts.size() == segments.size() ? kinds + "Z" : "";
    }
}
