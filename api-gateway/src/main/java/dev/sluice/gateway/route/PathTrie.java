package dev.sluice.gateway.route;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;

/**
 * The routes of one host by the segments of their paths. A search goes down along the path: at each segment first to the
 * literal, then to the variable, and last to what takes all below; it turns back where nothing fits. What it visits
 * depends on the path and on the patterns that fit it, not on how many others there are.
 */
final class PathTrie {

    /** More precise conditions first; the id at last, so that the order is the same everywhere. */
    static final Comparator<CompiledRoute> PRECISION = Comparator.<CompiledRoute>comparingInt(
                    route -> -route.route().match().headers().size())
            .thenComparing(route -> route.route().match().methods().isEmpty())
            .thenComparing(route -> route.route().id());

    private static final class Node {
        private final RangeMap<Node> literals = new RangeMap<>(RangeMap.Letters.EXACT);
        private @Nullable Node variable;
        private final List<CompiledRoute> here = new ArrayList<>(0);
        private final List<CompiledRoute> below = new ArrayList<>(0);

        Node literal(String text) {
            Node child = literals.find(text, 0, text.length());
            if (child == null) {
                child = new Node();
                literals.put(text, child);
            }
            return child;
        }

        Node variable() {
            Node child = variable;
            if (child == null) {
                child = new Node();
                variable = child;
            }
            return child;
        }
    }

    /** What a search came by; for tests of what it costs. */
    static final class Visits {
        private int nodes;

        int nodes() {
            return nodes;
        }
    }

    private final Node root = new Node();

    void add(CompiledRoute route) {
        Node node = root;
        for (PathPattern.Segment segment : route.pattern().segments()) {
            node = switch (segment.kind()) {
                case LITERAL -> node.literal(segment.text());
                case VARIABLE -> node.variable();
            };
        }
        List<CompiledRoute> routes = route.pattern().below() ? node.below : node.here;
        routes.add(route);
        routes.sort(PRECISION);
    }

    /** The first route that fits, in order of precision; {@code path} is decoded. */
    @Nullable
    CompiledRoute find(String path, HttpMethod method, HttpHeaders headers, @Nullable Visits visits) {
        return search(root, path, firstSlash(path), method, headers, visits);
    }

    /** Adds the methods of all routes that fit but for their method. */
    void collectMethods(String path, HttpHeaders headers, Set<HttpMethod> methods) {
        collect(root, path, firstSlash(path), headers, methods);
    }

    /** A path of no segments is written as one slash. */
    private static int firstSlash(String path) {
        return path.length() == 1 ? 1 : 0;
    }

    private static @Nullable CompiledRoute search(
            Node node, String path, int slash, HttpMethod method, HttpHeaders headers, @Nullable Visits visits) {
        if (visits != null) {
            visits.nodes++;
        }
        CompiledRoute found = null;
        if (slash >= path.length()) {
            found = pick(node.here, method, headers);
        } else {
            int end = endOfSegment(path, slash);
            Node literal = node.literals.find(path, slash + 1, end);
            if (literal != null) {
                found = search(literal, path, end, method, headers, visits);
            }
            if (found == null && node.variable != null) {
                found = search(node.variable, path, end, method, headers, visits);
            }
        }
        return found == null ? pick(node.below, method, headers) : found;
    }

    @SuppressWarnings("ForLoopReplaceableByForEach") // An iterator would be an object for every request.
    private static @Nullable CompiledRoute pick(List<CompiledRoute> routes, HttpMethod method, HttpHeaders headers) {
        for (int i = 0; i < routes.size(); i++) {
            CompiledRoute route = routes.get(i);
            if (route.takes(method) && route.passes(headers)) {
                return route;
            }
        }
        return null;
    }

    private static void collect(Node node, String path, int slash, HttpHeaders headers, Set<HttpMethod> methods) {
        if (slash >= path.length()) {
            addMethods(node.here, headers, methods);
        } else {
            int end = endOfSegment(path, slash);
            Node literal = node.literals.find(path, slash + 1, end);
            if (literal != null) {
                collect(literal, path, end, headers, methods);
            }
            if (node.variable != null) {
                collect(node.variable, path, end, headers, methods);
            }
        }
        addMethods(node.below, headers, methods);
    }

    private static void addMethods(List<CompiledRoute> routes, HttpHeaders headers, Set<HttpMethod> methods) {
        for (CompiledRoute route : routes) {
            if (route.passes(headers)) {
                methods.addAll(route.methods());
            }
        }
    }

    private static int endOfSegment(String path, int slash) {
        int end = path.indexOf('/', slash + 1);
        return end < 0 ? path.length() : end;
    }
}
