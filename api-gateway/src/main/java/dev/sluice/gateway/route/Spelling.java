package dev.sluice.gateway.route;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** How a document writes the names of a route's fields. */
enum Spelling {
    /** As in JSON: {@code firstByte}. */
    CAMEL_CASE,
    /** As in YAML: {@code first-byte}. */
    KEBAB_CASE;

    private static final Pattern CAPITAL = Pattern.compile("([A-Z])");

    /** Names of fields with capitals; other names in a path are those of headers, and stay as they are. */
    private static final Set<String> FIELDS = Set.of(
            "requestHeaders",
            "responseHeaders",
            "limitGroup",
            "maxConnections",
            "maxBodyBytes",
            "stripPrefix",
            "addPrefix",
            "firstByte",
            "onStatus",
            "failureRatio",
            "minimumCalls",
            "openFor",
            "unhealthyAfter",
            "healthyAfter",
            "setCookie",
            "defaultTtl",
            "maxTtl",
            "staleWhileRevalidate",
            "staleIfError");

    /** A path such as {@code timeouts.firstByte}, as the document writes it. */
    String path(String camelCase) {
        StringBuilder path = new StringBuilder();
        for (String name : camelCase.split("\\.", -1)) {
            path.append(path.isEmpty() ? "" : ".").append(name(name));
        }
        return path.toString();
    }

    /** The name of a field, as the document writes it. */
    String name(String camelCase) {
        return this == KEBAB_CASE && FIELDS.contains(camelCase)
                ? CAPITAL.matcher(camelCase).replaceAll("-$1").toLowerCase(Locale.ROOT)
                : camelCase;
    }
}
