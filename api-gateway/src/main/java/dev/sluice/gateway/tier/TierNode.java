package dev.sluice.gateway.tier;

import dev.sluice.platform.web.ProblemType;
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
 * A value in a document that knows its path. Its accessors refuse what is not of their kind.
 *
 * @param path where it stands, such as {@code tiers.free.limits[0].quota}; empty at the top of a JSON document
 * @param value a map, list, text, number or truth value; null when there is none
 */
record TierNode(String path, @Nullable Object value, Spelling spelling) {

    /** How a document writes the names of fields that are written {@code camelCase} here. */
    enum Spelling {
        CAMEL_CASE,
        KEBAB_CASE;

        private static final Pattern CAPITAL = Pattern.compile("([A-Z])");

        String name(String camelCase) {
            return switch (this) {
                case CAMEL_CASE -> camelCase;
                case KEBAB_CASE -> CAPITAL.matcher(camelCase).replaceAll("-$1").toLowerCase(Locale.ROOT);
            };
        }
    }

    /** What may stand in a header and a Redis field without quoting. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    private static final int SHOWN = 64;

    static TierNode ofYaml(String path, @Nullable Object value) {
        return new TierNode(path, value, Spelling.KEBAB_CASE);
    }

    static TierNode ofJson(String path, @Nullable Object value) {
        return new TierNode(path, value, Spelling.CAMEL_CASE);
    }

    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    boolean isAbsent() {
        return value == null;
    }

    /** This node, or one with a default in its place. */
    TierNode or(String text) {
        return isAbsent() ? new TierNode(path, text, spelling) : this;
    }

    Map<String, TierNode> entries() {
        if (!(value instanceof Map<?, ?> map)) {
            throw wrongType("must be a map");
        }
        Map<String, TierNode> entries = new LinkedHashMap<>();
        map.forEach((key, child) -> entries.put(String.valueOf(key), at(String.valueOf(key), child)));
        return entries;
    }

    List<TierNode> items(int max) {
        if (!(value instanceof List<?> list)) {
            throw wrongType("must be a list");
        }
        if (list.size() > max) {
            throw wrong("must have at most " + max + " items");
        }
        List<TierNode> items = new ArrayList<>(list.size());
        for (int i = 0; i < list.size(); i++) {
            items.add(new TierNode(path + "[" + i + "]", list.get(i), spelling));
        }
        return items;
    }

    TierNode child(String name) {
        String written = spelling.name(name);
        TierNode child = entries().get(written);
        return child == null ? at(written, null) : child;
    }

    void requireOnly(String... names) {
        Set<String> known = Arrays.stream(names).map(spelling::name).collect(Collectors.toSet());
        entries().forEach((name, child) -> {
            if (!known.contains(name)) {
                throw child.fault(
                        ProblemType.UNKNOWN_FIELD,
                        "is not known; use only "
                                + Arrays.stream(names).map(spelling::name).collect(Collectors.joining(", ")),
                        "");
            }
        });
    }

    String text() {
        if (!(value instanceof String text) || text.isBlank()) {
            throw wrongType("must be a text");
        }
        return text;
    }

    String text(int maxLength) {
        String text = text();
        if (text.length() > maxLength || text.chars().anyMatch(Character::isISOControl)) {
            throw wrong("must be a text of at most " + maxLength + " characters without control characters");
        }
        return text;
    }

    long number(long min, long max) {
        String must = "must be a whole number from " + min + " to " + max;
        long number = switch (value) {
            case Integer small -> small;
            case Long large -> large;
            case null, default -> throw wrongType(must);
        };
        if (number < min || number > max) {
            throw fault(ProblemType.NUMBER_OUT_OF_RANGE, must, String.valueOf(value));
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
        String must = Arrays.stream(type.getEnumConstants())
                .filter(constant -> constant != never)
                .map(TierNode::nameOf)
                .collect(Collectors.joining(", ", "must be one of ", ""));
        throw value instanceof String text ? wrong(must, text) : wrongType(must);
    }

    String checkName(String name) {
        if (!isName(name)) {
            throw wrong("must be a name of at most 64 of a-z, 0-9, dot, underscore and dash", name);
        }
        return name;
    }

    TierFault wrong(String sentence) {
        return fault(ProblemType.INVALID_FIELD, sentence, "");
    }

    TierFault wrong(String sentence, String sent) {
        return fault(ProblemType.INVALID_FIELD, sentence, sent);
    }

    private TierFault wrongType(String sentence) {
        return isAbsent()
                ? fault(ProblemType.MISSING_FIELD, sentence, "")
                : fault(ProblemType.WRONG_TYPE, sentence, String.valueOf(value));
    }

    private TierFault fault(ProblemType type, String sentence, String sent) {
        return new TierFault(type, path, sentence, sent);
    }

    private TierNode at(String name, @Nullable Object child) {
        String shown = name.length() > SHOWN ? name.substring(0, SHOWN) : name;
        return new TierNode(path.isEmpty() ? shown : path + "." + shown, child, spelling);
    }

    private static String nameOf(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
