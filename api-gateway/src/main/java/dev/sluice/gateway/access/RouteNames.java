package dev.sluice.gateway.access;

import dev.sluice.gateway.route.RouteHit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.PathContainer;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * What a request's route is called: the id of a customer's route, else the template of a path of the platform's own. Never
 * the path itself, which names things and persons. Thread-safe.
 */
final class RouteNames {

    /** Of requests to what does not exist, and of those that could not be read. */
    static final String NONE = "__none__";

    private final Supplier<List<Template>> templates;

    /** @param patterns of all native paths; asked for once, when the first request ends that was refused early */
    RouteNames(Supplier<List<String>> patterns) {
        this.templates = SingletonSupplier.of(() -> patterns.get().stream()
                .distinct()
                .map(PathPatternParser.defaultInstance::parse)
                .sorted(PathPattern.SPECIFICITY_COMPARATOR.thenComparing(Comparator.naturalOrder()))
                .map(Template::of)
                .toList());
    }

    String of(ServerWebExchange exchange) {
        Optional<RouteHit> hit = RouteHit.of(exchange);
        if (hit.isPresent()) {
            return hit.get().route().id();
        }
        Object matched = exchange.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        return matched == null ? findTemplate(exchange) : nameOf(matched.toString());
    }

    /** Of a request that was refused before its handler was looked for. */
    private String findTemplate(ServerWebExchange exchange) {
        PathContainer path = exchange.getRequest().getPath().pathWithinApplication();
        for (Template template : templates.get()) {
            if (template.matches(path)) {
                return template.name;
            }
        }
        return NONE;
    }

    /** What serves files under all paths is nobody's route. */
    private static String nameOf(@Nullable String pattern) {
        return pattern == null || pattern.isEmpty() || pattern.equals("/**") ? NONE : pattern;
    }

    private record Template(String name, String literal, PathPattern pattern) {

        static Template of(PathPattern pattern) {
            String text = pattern.getPatternString();
            int end = 0;
            while (end < text.length() && "{*?".indexOf(text.charAt(end)) < 0) {
                end++;
            }
            return new Template(text, text.substring(0, text.startsWith("/**", end - 1) ? end - 1 : end), pattern);
        }

        /** Most templates are ruled out by how they begin; a path with encoded letters has to be looked at. */
        boolean matches(PathContainer path) {
            String value = path.value();
            return (value.startsWith(literal) || value.indexOf('%') >= 0) && pattern.matches(path);
        }
    }
}
