package dev.sluice.gateway.route;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;

/** A route made ready to be compared with requests. */
final class CompiledRoute {

    private final Route route;
    private final PathPattern pattern;
    private final Set<HttpMethod> methods;
    private final List<CompiledHeaderTest> headers;
    private final boolean hasVariables;
    private final RouteHit plainHit;

    CompiledRoute(Route route) {
        this.route = route;
        this.pattern = PathPattern.parse(route.match().path());
        this.methods = route.match().methods();
        this.headers =
                route.match().headers().stream().map(CompiledHeaderTest::new).toList();
        this.hasVariables = pattern.hasVariables();
        this.plainHit = new RouteHit(route, Map.of());
    }

    Route route() {
        return route;
    }

    PathPattern pattern() {
        return pattern;
    }

    /** The methods it takes, spelled out. */
    Set<HttpMethod> methods() {
        return methods.isEmpty() ? RouteRules.METHODS : methods;
    }

    boolean takes(HttpMethod method) {
        return methods.isEmpty() || methods.contains(method);
    }

    @SuppressWarnings("ForLoopReplaceableByForEach") // An iterator would be an object for every request.
    boolean passes(HttpHeaders sent) {
        for (int i = 0; i < headers.size(); i++) {
            if (!headers.get(i).passes(sent)) {
                return false;
            }
        }
        return true;
    }

    /** The hit of a request with this decoded path, which fits. */
    RouteHit hit(String path) {
        if (!hasVariables) {
            return plainHit;
        }
        Map<String, String> variables = new HashMap<>();
        int slash = 0;
        for (PathPattern.Segment segment : pattern.segments()) {
            int end = path.indexOf('/', slash + 1);
            end = end < 0 ? path.length() : end;
            if (segment.kind() == PathPattern.Kind.VARIABLE) {
                variables.put(segment.text(), path.substring(slash + 1, end));
            }
            slash = end;
        }
        return new RouteHit(route, Map.copyOf(variables));
    }
}
