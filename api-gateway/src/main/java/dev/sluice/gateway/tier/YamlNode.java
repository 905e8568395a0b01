package dev.sluice.gateway.tier;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A value in a YAML document that knows its path. Its accessors refuse what is not of their kind.
 *
 * @param path where it stands, such as {@code tiers.free.limits[0].quota}
 * @param value a map, list, text, number or truth value; null when there is none
 */
record YamlNode(String path, @Nullable Object value) {

    /** What may stand in a header and a Redis field without quoting. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    static YamlNode root(String path, @Nullable Object value) {
        return new YamlNode(path, value);
    }

    boolean isAbsent() {
        return value == null;
    }

    /** This node, or one with a default in its place. */
    YamlNode or(String text) {
        return isAbsent() ? new YamlNode(path, text) : this;
    }

    Map<String, YamlNode> entries() {
        if (!(value instanceof Map<?, ?> map)) {
            throw wrong("must be a map");
        }
        Map<String, YamlNode> entries = new LinkedHashMap<>();
        map.forEach((key, child) -> entries.put(String.valueOf(key), new YamlNode(path + "." + key, child)));
        return entries;
    }

    List<YamlNode> items() {
        if (!(value instanceof List<?> list)) {
            throw wrong("must be a list");
        }
        List<YamlNode> items = new ArrayList<>(list.size());
        for (int i = 0; i < list.size(); i++) {
            items.add(new YamlNode(path + "[" + i + "]", list.get(i)));
        }
        return items;
    }

    YamlNode child(String name) {
        return entries().getOrDefault(name, new YamlNode(path + "." + name, null));
    }

    void requireOnly(String... names) {
        Set<String> known = Set.of(names);
        entries().forEach((name, child) -> {
            if (!known.contains(name)) {
                throw child.wrong("is not known; use only " + String.join(", ", names));
            }
        });
    }

    String text() {
        if (!(value instanceof String text) || text.isBlank()) {
            throw wrong("must be a text");
        }
        return text;
    }

    long number(long min, long max) {
        long number = switch (value) {
            case Integer small -> small;
            case Long large -> large;
            case null, default -> min - 1;
        };
        if (number < min || number > max) {
            throw wrong("must be a whole number from " + min + " to " + max + ": " + value);
        }
        return number;
    }

    /** The constant of that name in lower case; {@code never} is not for documents. */
    <E extends Enum<E>> E oneOf(Class<E> type, E never) {
        for (E constant : type.getEnumConstants()) {
            if (constant != never && nameOf(constant).equals(value)) {
                return constant;
            }
        }
        String names = Arrays.stream(type.getEnumConstants())
                .filter(constant -> constant != never)
                .map(YamlNode::nameOf)
                .collect(Collectors.joining(", "));
        throw wrong("must be one of " + names + ": " + value);
    }

    String checkName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw wrong("must be a name of a-z, 0-9, dot, underscore and dash: " + name);
        }
        return name;
    }

    IllegalArgumentException wrong(String sentence) {
        return new IllegalArgumentException(path + " " + sentence);
    }

    private static String nameOf(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
