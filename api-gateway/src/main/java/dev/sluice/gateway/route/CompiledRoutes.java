package dev.sluice.gateway.route;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.web.util.UriUtils;

/**
 * The index of routes. Which of several that fit is taken is decided by the host first (an exact name, then the longest
 * {@code *.suffix}, then any host), then by the path (see {@link PathTrie}), then by headers, methods and id. Where no
 * route of a more precise host or path takes the request, a less precise one may.
 */
final class CompiledRoutes implements RouteIndex {

    private static final String WILDCARD = "*";

    private final RangeMap<PathTrie> exact = new RangeMap<>(RangeMap.Letters.ANY_CASE);
    private final RangeMap<PathTrie> suffixes = new RangeMap<>(RangeMap.Letters.ANY_CASE);
    private final PathTrie anyHost = new PathTrie();

    /** The index of routes without faults, with different ids. */
    static CompiledRoutes of(Collection<Route> routes) {
        CompiledRoutes index = new CompiledRoutes();
        Map<String, PathTrie> tries = new HashMap<>();
        for (Route route : routes) {
            CompiledRoute compiled = new CompiledRoute(route);
            if (route.match().hosts().isEmpty()) {
                index.anyHost.add(compiled);
            }
            for (String host : route.match().hosts()) {
                tries.computeIfAbsent(host, index::open).add(compiled);
            }
        }
        return index;
    }

    private PathTrie open(String host) {
        PathTrie trie = new PathTrie();
        if (host.startsWith(WILDCARD)) {
            suffixes.put(host.substring(WILDCARD.length()), trie);
        } else {
            exact.put(host, trie);
        }
        return trie;
    }

    @Override
    public Optional<RouteHit> find(String host, String path, HttpMethod method, HttpHeaders headers) {
        return find(host, path, method, headers, null);
    }

    /** The same, counting what it costs. */
    Optional<RouteHit> find(
            String host, String path, HttpMethod method, HttpHeaders headers, PathTrie.@Nullable Visits visits) {
        String decoded = decode(path);
        if (NativePaths.contain(decoded)) {
            return Optional.empty();
        }
        // A longer name is nobody's, and is not searched for the dots in it.
        int end = HostNames.endOfName(host);
        CompiledRoute found = null;
        if (end <= HostNames.MAX_LENGTH) {
            PathTrie named = exact.find(host, 0, end);
            found = named == null ? null : named.find(decoded, method, headers, visits);
            for (int dot = host.indexOf('.', 1);
                    found == null && dot > 0 && dot < end;
                    dot = host.indexOf('.', dot + 1)) {
                PathTrie below = suffixes.find(host, dot, end);
                found = below == null ? null : below.find(decoded, method, headers, visits);
            }
        }
        if (found == null && !NativePaths.isRoot(decoded)) {
            found = anyHost.find(decoded, method, headers, visits);
        }
        return found == null ? Optional.empty() : Optional.of(found.hit(decoded));
    }

    @Override
    public Set<HttpMethod> allowedMethods(String host, String path, HttpHeaders headers) {
        String decoded = decode(path);
        Set<HttpMethod> methods = new HashSet<>();
        if (NativePaths.contain(decoded)) {
            return methods;
        }
        int end = HostNames.endOfName(host);
        if (end <= HostNames.MAX_LENGTH) {
            collect(exact.find(host, 0, end), decoded, headers, methods);
            for (int dot = host.indexOf('.', 1); dot > 0 && dot < end; dot = host.indexOf('.', dot + 1)) {
                collect(suffixes.find(host, dot, end), decoded, headers, methods);
            }
        }
        if (!NativePaths.isRoot(decoded)) {
            collect(anyHost, decoded, headers, methods);
        }
        return methods;
    }

    private static void collect(@Nullable PathTrie trie, String path, HttpHeaders headers, Set<HttpMethod> methods) {
        if (trie != null) {
            trie.collectMethods(path, headers, methods);
        }
    }

    /** No separator comes out of an escape: requests with such are refused before. */
    static String decode(String path) {
        return path.indexOf('%') < 0 ? path : UriUtils.decode(path, StandardCharsets.UTF_8);
    }
}
