package dev.sluice.starter.key;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.temporal.Temporal;
import java.time.temporal.TemporalAmount;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.interceptor.SimpleKey;

/**
 * The parts of a key as text. Different parts have different text: each that is not a string says its type, strings within
 * something larger are quoted, and a string that begins as another part would says that it is one. Pure.
 */
final class KeyParts {

    private static final String STRING = "string:";

    /** How a part that is no string begins. */
    private static final Pattern MARKED = Pattern.compile("[A-Za-z0-9_.$]+[:(].*|[(\\[{].*", Pattern.DOTALL);

    private static final int MAX_DEPTH = 16;

    private KeyParts() {}

    static String textOf(Object key) {
        if (key instanceof String text) {
            return !text.isEmpty() && !MARKED.matcher(text).matches() ? text : STRING + text;
        }
        return part(key, 0);
    }

    private static String part(@Nullable Object part, int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("a cache key is nested more than " + MAX_DEPTH + " levels deep");
        }
        return switch (part) {
            case null -> "null:";
            case String text -> quoted(text);
            case SimpleKey key -> simpleKey(key, depth);
            case UserKey key -> "user:" + key.user() + part(key.key(), depth + 1);
            case Optional<?> optional -> "optional(" + part(optional.orElse(null), depth + 1) + ")";
            case Enum<?> constant -> constant.getDeclaringClass().getName() + ":" + constant.name();
            case Class<?> type -> "class:" + type.getName();
            case Record record -> record(record, depth);
            case Map<?, ?> map -> map(map, depth);
            case Set<?> set -> sorted(set, depth, "set(");
            case Collection<?> elements -> joined("[", elements.stream(), depth, "]");
            default -> part.getClass().isArray() ? array(part, depth) : scalar(part);
        };
    }

    /** Of types whose text is as stable and as different as their values. */
    private static String scalar(Object part) {
        return switch (part) {
            case Boolean _,
                    Byte _,
                    Short _,
                    Integer _,
                    Long _,
                    Float _,
                    Double _,
                    Character _,
                    BigInteger _,
                    BigDecimal _,
                    UUID _,
                    URI _,
                    Locale _,
                    Currency _ -> part.getClass().getSimpleName().toLowerCase(Locale.ROOT) + ":" + part;
            case Temporal time when isOfJava(time) -> marked(time);
            case TemporalAmount amount when isOfJava(amount) -> marked(amount);
            default ->
                throw new IllegalArgumentException(
                        "a cache key holds a " + part.getClass().getName()
                                + ", of which no stable text is known: name what tells one from another by key = \"#…\","
                                + " use a record, a string or a number, or define a bean of CacheKeyText");
        };
    }

    private static boolean isOfJava(Object part) {
        return part.getClass().getName().startsWith("java.time.");
    }

    private static String marked(Object part) {
        return part.getClass().getSimpleName().toLowerCase(Locale.ROOT) + ":" + part;
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static String array(Object array, int depth) {
        return joined("[", IntStream.range(0, Array.getLength(array)).mapToObj(i -> Array.get(array, i)), depth, "]");
    }

    private static String joined(
            String open, java.util.stream.Stream<? extends @Nullable Object> parts, int depth, String close) {
        return parts.map(part -> part(part, depth + 1)).collect(Collectors.joining(",", open, close));
    }

    private static String sorted(Set<?> parts, int depth, String open) {
        return parts.stream().map(part -> part(part, depth + 1)).sorted().collect(Collectors.joining(",", open, ")"));
    }

    private static String map(Map<?, ?> map, int depth) {
        return map.entrySet().stream()
                .map(entry -> part(entry.getKey(), depth + 1) + "=" + part(entry.getValue(), depth + 1))
                .sorted()
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String record(Record record, int depth) {
        List<String> parts = new ArrayList<>();
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            parts.add(component.getName() + "=" + part(valueOf(record, component), depth + 1));
        }
        return record.getClass().getName() + parts.stream().collect(Collectors.joining(",", "(", ")"));
    }

    private static @Nullable Object valueOf(Record record, RecordComponent component) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(record);
        } catch (IllegalAccessException | InaccessibleObjectException | InvocationTargetException e) {
            throw new IllegalArgumentException(
                    "a cache key holds a " + record.getClass().getName() + " that cannot be read", e);
        }
    }

    private static String simpleKey(SimpleKey key, int depth) {
        return joined("(", Arrays.stream(Parameters.of(key)), depth, ")");
    }

    /** Spring keeps the parameters to itself, and its text for them is the same for ("a, b") and ("a", "b"). */
    private static final class Parameters {
        private static final Field FIELD = open();

        static @Nullable Object[] of(SimpleKey key) {
            try {
                return (@Nullable Object[]) FIELD.get(key);
            } catch (IllegalAccessException e) {
                throw new IllegalStateException("the field was opened", e);
            }
        }

        private static Field open() {
            try {
                Field field = SimpleKey.class.getDeclaredField("params");
                field.setAccessible(true);
                return field;
            } catch (NoSuchFieldException | InaccessibleObjectException e) {
                throw new IllegalStateException("this version of Spring keeps the parts of a SimpleKey elsewhere", e);
            }
        }
    }
}
