package dev.sluice.gateway.responsecache;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.sluice.gateway.route.HeaderEdits;
import dev.sluice.gateway.route.Route;
import java.util.List;
import java.util.TreeMap;

/** Tells answers that were got on one route from those of another, or of the same before it was changed. Thread-safe. */
final class RouteTerms {

    private static final int LENGTH = 32;

    /** By the route itself, not by what it is equal to. */
    private final LoadingCache<Route, String> known =
            Caffeine.newBuilder().weakKeys().build(RouteTerms::compute);

    String of(Route route) {
        return known.get(route);
    }

    /** Hashed: credentials are among the headers. */
    private static String compute(Route route) {
        List<String> parts = List.of(
                route.id(),
                route.targets().toString(),
                route.rewrite().toString(),
                text(route.requestHeaders()),
                text(route.responseHeaders()),
                route.identity().name(),
                route.access().name());
        return AnswerKey.hash(String.join("\n", parts)).substring(0, LENGTH);
    }

    private static String text(HeaderEdits edits) {
        return new TreeMap<>(edits.set()) + " " + new TreeMap<>(edits.add()) + " "
                + edits.remove().stream().sorted().toList();
    }
}
