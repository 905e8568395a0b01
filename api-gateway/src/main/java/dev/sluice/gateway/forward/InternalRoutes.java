package dev.sluice.gateway.forward;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.util.unit.DataSize;

/**
 * Which service answers a path. Looks a path up by its leading segments, longest first, so that the number of routes
 * does not matter. Paths are compared as they were sent: what is percent-encoded is no other path's spelling. Pure.
 */
final class InternalRoutes {

    private static final DataSize CACHE_VALUE = DataSize.ofMegabytes(1);
    private static final DataSize DOCUMENT = DataSize.ofKilobytes(64);

    private final Map<String, InternalRoute> byPrefix = new HashMap<>();
    private final int maxSegments;

    InternalRoutes(List<InternalRoute> routes) {
        for (InternalRoute route : routes) {
            if (byPrefix.putIfAbsent(route.prefix(), route) != null) {
                throw new IllegalArgumentException("two routes for " + route.prefix());
            }
        }
        this.maxSegments = routes.stream()
                .mapToInt(route -> segmentsOf(route.prefix()))
                .max()
                .orElse(0);
    }

    /** The routes of the platform. */
    static InternalRoutes ofPlatform() {
        return new InternalRoutes(List.of(
                new InternalRoute("/api/v1/cache/namespaces", InternalService.CACHE, CACHE_VALUE),
                new InternalRoute("/api/v1/cache/purge", InternalService.CACHE, CACHE_VALUE),
                new InternalRoute("/api/v1/cache/purges", InternalService.CACHE, DOCUMENT),
                new InternalRoute("/api/v1/cache/info", InternalService.CACHE, DOCUMENT),
                new InternalRoute("/api/v1/cache/warm", InternalService.CACHE, CACHE_VALUE),
                new InternalRoute("/api/v1/cache", InternalService.METRICS, DOCUMENT),
                new InternalRoute("/api/v1/monitoring", InternalService.METRICS, DOCUMENT),
                // A page without figures, to be opened in a browser; it asks for them with a key.
                new InternalRoute(
                        "/api/v1/monitoring/dashboard",
                        InternalService.METRICS,
                        DOCUMENT,
                        InternalRoute.Access.ANYBODY),
                new InternalRoute("/api/v1/usage", InternalService.METRICS, DOCUMENT),
                new InternalRoute("/api/v1/webhooks", InternalService.WEBHOOKS, DOCUMENT),
                // Receivers have no key of the platform.
                new InternalRoute(
                        "/api/v1/webhook-keys", InternalService.WEBHOOKS, DOCUMENT, InternalRoute.Access.ANYBODY)));
    }

    /** The route with the longest prefix of a raw path. */
    Optional<InternalRoute> find(String rawPath) {
        int end = endOfSegments(rawPath);
        while (end > 0) {
            InternalRoute route = byPrefix.get(rawPath.substring(0, end));
            if (route != null) {
                return Optional.of(route);
            }
            end = rawPath.lastIndexOf('/', end - 1);
        }
        return Optional.empty();
    }

    List<InternalRoute> all() {
        return byPrefix.values().stream()
                .sorted(Comparator.comparing(InternalRoute::prefix))
                .toList();
    }

    /** Where the last segment ends that can matter. */
    private int endOfSegments(String path) {
        int end = 0;
        for (int segment = 0; segment < maxSegments && end >= 0; segment++) {
            end = path.indexOf('/', end + 1);
        }
        return end < 0 ? path.length() : end;
    }

    private static int segmentsOf(String prefix) {
        return Math.toIntExact(prefix.chars().filter(c -> c == '/').count());
    }
}
