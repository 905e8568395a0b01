package dev.sluice.gateway.route;

import dev.sluice.platform.web.ProblemType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A value in a document that knows its path. Its accessors note what is not of their kind as a fault and answer with
 * what stands in for it, so that reading goes on and finds the next fault.
 *
 * @param path where it stands, as JSON names it, such as {@code targets[0].url}
 * @param value a map, list, text, number or truth value; null when there is none
 */
record RouteNode(String path, @Nullable Object value, Spelling spelling, Faults faults) {

    boolean isAbsent() {
        return value == null;
    }

    RouteNode child(String name) {
        Object child = value instanceof Map<?, ?> map ? map.get(spelling.name(name)) : null;
        return at(path.isEmpty() ? name : path + "." + name, child);
    }

    /** Notes what the document has that no field is for. */
    RouteNode only(String... names) {
        if (value instanceof Map<?, ?> map) {
            Set<String> known = Arrays.stream(names).map(spelling::name).collect(Collectors.toSet());
            map.keySet().stream()
                    .map(String::valueOf)
                    .filter(name -> !known.contains(name))
                    .forEach(name -> {
                        String shown = name.length() > 64 ? name.substring(0, 64) : name;
                        at(path.isEmpty() ? shown : path + "." + shown, null)
                                .wrong(ProblemType.UNKNOWN_FIELD, "is not known here; leave it out");
                    });
        } else if (value != null) {
            wrong(ProblemType.WRONG_TYPE, "must be an object of " + String.join(", ", names));
        }
        return this;
    }

    List<RouteNode> items() {
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list)) {
            wrong(ProblemType.WRONG_TYPE, "must be a list");
            return List.of();
        }
        List<RouteNode> items = new ArrayList<>(list.size());
        for (int i = 0; i < list.size(); i++) {
            items.add(at(path + "[" + i + "]", list.get(i)));
        }
        return items;
    }

    List<String> texts() {
        return items().stream().map(item -> item.text("")).toList();
    }

    Map<String, String> textsByName() {
        Map<String, String> texts = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, text) ->
                    texts.put(String.valueOf(name), at(path + "." + name, text).text("")));
        } else if (value != null) {
            wrong(ProblemType.WRONG_TYPE, "must be an object of names and texts");
        }
        return texts;
    }

    Optional<String> optionalText() {
        return isAbsent() ? Optional.empty() : Optional.of(text(""));
    }

    /** The text; notes that it is missing when there is none. */
    String requiredText(String example) {
        if (isAbsent()) {
            wrong(ProblemType.MISSING_FIELD, "is missing; add it, such as " + example);
            return example;
        }
        return text(example);
    }

    String text(String standIn) {
        if (value instanceof String text) {
            return text;
        }
        if (value == null) {
            return standIn;
        }
        wrong(ProblemType.WRONG_TYPE, "must be a text");
        return standIn;
    }

    long number(long standIn) {
        return switch (value) {
            case null -> standIn;
            case Integer number -> number;
            case Long number -> number;
            default -> {
                wrong(ProblemType.WRONG_TYPE, "must be a whole number");
                yield standIn;
            }
        };
    }

    int smallNumber(int standIn) {
        long number = number(standIn);
        if (number != (int) number) {
            wrong(ProblemType.NUMBER_OUT_OF_RANGE, "is too large a number");
            return standIn;
        }
        return (int) number;
    }

    double fraction(double standIn) {
        return switch (value) {
            case null -> standIn;
            case Number number -> number.doubleValue();
            default -> {
                wrong(ProblemType.WRONG_TYPE, "must be a number");
                yield standIn;
            }
        };
    }

    Duration duration(Duration standIn) {
        if (value == null) {
            return standIn;
        }
        Optional<Duration> duration = value instanceof String text ? DurationText.parse(text) : Optional.empty();
        if (duration.isEmpty()) {
            wrong(ProblemType.INVALID_FIELD, "must be a whole number with ms, s, m or h, such as 250ms");
        }
        return duration.orElse(standIn);
    }

    /** The constant of that name in lower case. */
    <E extends Enum<E>> E oneOf(E standIn) {
        if (value == null) {
            return standIn;
        }
        E[] constants = standIn.getDeclaringClass().getEnumConstants();
        for (E constant : constants) {
            if (nameOf(constant).equals(value)) {
                return constant;
            }
        }
        wrong(
                ProblemType.INVALID_FIELD,
                "must be one of "
                        + Arrays.stream(constants).map(RouteNode::nameOf).collect(Collectors.joining(", ")));
        return standIn;
    }

    void wrong(ProblemType type, String detail) {
        faults.add(new RouteFault(type, path, detail));
    }

    static String nameOf(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private RouteNode at(String childPath, @Nullable Object child) {
        return new RouteNode(childPath, child, spelling, faults);
    }
}
