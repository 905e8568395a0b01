package dev.sluice.gateway.route;

import java.util.List;
import java.util.Set;
import org.springframework.http.HttpMethod;

/**
 * Which requests belong to a route: those that fit in every part.
 *
 * @param hosts exact names, or {@code *.example.com} for all names below one; in lower case, without a port; none for any
 * @param path segments that are literal or a variable such as <code>{id}</code>, with {@code /**} at the end for all below
 * @param methods none for any
 * @param headers what the request's headers must be, all of them
 */
public record RouteMatch(List<String> hosts, String path, Set<HttpMethod> methods, List<HeaderTest> headers) {

    public RouteMatch {
        hosts = List.copyOf(hosts);
        methods = Set.copyOf(methods);
        headers = List.copyOf(headers);
    }

    RouteMatch withHeaders(List<HeaderTest> tests) {
        return new RouteMatch(hosts, path, methods, tests);
    }
}
