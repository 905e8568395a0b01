package dev.sluice.gateway.route;

import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;

/**
 * Asks which route a request would have.
 *
 * @param host what its Host header would be
 * @param path its raw path, without the query
 */
record MatchQuestion(
        String method,
        @Nullable String host,
        String path,
        @Nullable Map<String, String> headers) {

    /**
     * Which route it would have, and why.
     *
     * @param route id of the route; null when there is none
     * @param matchedHost what of the route's hosts fits; null when the route is for any
     * @param matchedPath the route's pattern
     * @param allowedMethods for which methods there are routes for the rest of the request
     * @param reason the same for people
     */
    record Answer(
            @Nullable String route,
            @Nullable String matchedHost,
            @Nullable String matchedPath,
            Map<String, String> variables,
            List<String> allowedMethods,
            String reason) {}

    Answer ask(RouteIndex index) {
        check();
        HttpHeaders sent = new HttpHeaders();
        if (headers != null) {
            headers.forEach(sent::add);
        }
        String name = host == null ? "" : host;
        List<String> allowed = index.allowedMethods(name, path, sent).stream()
                .map(HttpMethod::name)
                .sorted()
                .toList();
        Optional<RouteHit> hit = index.find(name, path, HttpMethod.valueOf(method), sent);
        return hit.map(found -> found(found, name, allowed)).orElseGet(() -> nothing(allowed));
    }

    private void check() {
        if (!RouteRules.METHODS.contains(HttpMethod.valueOf(method))) {
            throw ProblemException.ofField(
                    ProblemType.INVALID_FIELD, "method", "Send GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS.");
        }
        if (host != null && !host.chars().allMatch(character -> character > ' ' && character < 0x7f)) {
            throw ProblemException.ofField(
                    ProblemType.INVALID_FIELD,
                    "host",
                    "Send what a Host header could be: a name or an address, perhaps with a port, such as shop.example.");
        }
        String lowerCase = path.toLowerCase(Locale.ROOT);
        boolean separators = lowerCase.contains("%2f") || lowerCase.contains("%5c");
        if (separators || !(path.equals("/") || PathRules.isRawPath(path))) {
            throw ProblemException.ofField(
                    ProblemType.INVALID_FIELD,
                    "path",
                    "Send a path such as /shop/1, percent-encoded, as a request could have it: without a query, dot"
                            + " segments, empty segments or a slash at the end.");
        }
    }

    private static Answer found(RouteHit hit, String host, List<String> allowed) {
        RouteMatch match = hit.route().match();
        String name = host.substring(0, HostNames.endOfName(host)).toLowerCase(Locale.ROOT);
        String fitting = match.hosts().stream()
                .filter(pattern -> HostNames.fits(pattern, name))
                // The exact name is the longest that can fit.
                .max(Comparator.comparingInt(pattern -> pattern.startsWith("*") ? pattern.length() : 1_000))
                .orElse(null);
        String reason = "Of the routes that fit, it is the most precise by "
                + (fitting == null ? "no host" : "host " + fitting) + ", path " + match.path() + ", "
                + match.headers().size() + " headers and "
                + (match.methods().isEmpty() ? "any method." : "its methods.");
        return new Answer(hit.route().id(), fitting, match.path(), new TreeMap<>(hit.pathVariables()), allowed, reason);
    }

    private Answer nothing(List<String> allowed) {
        String reason;
        if (NativePaths.contain(CompiledRoutes.decode(path))) {
            reason = "The path is one of the platform's own, which no route gets.";
        } else if (allowed.isEmpty()) {
            reason = "No route fits the host, the path and the headers.";
        } else {
            reason = "Routes fit, but not with this method: the answer would be 405.";
        }
        return new Answer(null, null, null, Map.of(), allowed, reason);
    }
}
