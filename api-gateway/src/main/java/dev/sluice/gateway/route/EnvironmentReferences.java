package dev.sluice.gateway.route;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Puts environment variables where the headers of a file's route refer to them as {@code ${NAME}}, so that no credential
 * has to stand in the file.
 */
final class EnvironmentReferences {

    private static final String MATCH = "match";
    private static final String HEADERS = "request-headers";
    private static final List<String> WITH_VALUES = List.of("set", "add");
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");

    private final Function<String, @Nullable String> variables;
    private final List<String> faults = new ArrayList<>();

    EnvironmentReferences(Function<String, @Nullable String> variables) {
        this.variables = variables;
    }

    /** The document of a route with the values in place. */
    @Nullable
    Object resolve(@Nullable Object route) {
        Object changed = change(route, MATCH, match -> change(match, "headers", this::resolveTests));
        return change(changed, HEADERS, headers -> {
            Object edits = headers;
            for (String name : WITH_VALUES) {
                edits = change(edits, name, values -> resolveAll(HEADERS + "." + name, values));
            }
            return edits;
        });
    }

    /** What could not be found, since the last call. */
    List<String> takeFaults() {
        List<String> found = List.copyOf(faults);
        faults.clear();
        return found;
    }

    private @Nullable Object resolveTests(@Nullable Object tests) {
        if (!(tests instanceof List<?> list)) {
            return tests;
        }
        List<@Nullable Object> resolved = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            String field = MATCH + ".headers[" + i + "].value";
            resolved.add(change(list.get(i), "value", value -> resolve(field, value)));
        }
        return resolved;
    }

    private @Nullable Object resolveAll(String edit, @Nullable Object values) {
        if (!(values instanceof Map<?, ?> map)) {
            return values;
        }
        Map<Object, @Nullable Object> resolved = new LinkedHashMap<>();
        map.forEach((name, value) -> resolved.put(name, resolve(edit + "." + name, value)));
        return resolved;
    }

    private @Nullable Object resolve(String field, @Nullable Object value) {
        return value instanceof String text
                ? REFERENCE.matcher(text).replaceAll(found -> valueOf(field, found))
                : value;
    }

    private String valueOf(String field, MatchResult reference) {
        String value = variables.apply(reference.group(1));
        if (value == null) {
            faults.add(field + " refers to the environment variable " + reference.group(1) + ", which is not set");
            return "";
        }
        return Matcher.quoteReplacement(value);
    }

    private static @Nullable Object change(
            @Nullable Object document, String name, Function<@Nullable Object, @Nullable Object> to) {
        if (!(document instanceof Map<?, ?> map) || !map.containsKey(name)) {
            return document;
        }
        Map<Object, @Nullable Object> changed = new LinkedHashMap<>(map);
        changed.put(name, to.apply(map.get(name)));
        return changed;
    }
}
