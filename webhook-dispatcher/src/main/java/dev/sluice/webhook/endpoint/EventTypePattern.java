package dev.sluice.webhook.endpoint;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What event types an endpoint wants: one type exactly, all below a prefix ({@code order.*} takes {@code order.created}
 * and {@code order.item.added}, not {@code order}), or {@code *} for all. Pure.
 */
public record EventTypePattern(String text) {

    private static final int MAX_LENGTH = 64;
    private static final Pattern SYNTAX = Pattern.compile("\\*|[a-z0-9_]+(\\.[a-z0-9_]+)*(\\.\\*)?");

    /** After the syntax, which it is checked against. */
    static final EventTypePattern ALL = new EventTypePattern("*");

    /** Refuses by {@link IllegalArgumentException} what is no pattern. */
    public EventTypePattern {
        if (text.length() > MAX_LENGTH || !SYNTAX.matcher(text).matches()) {
            throw notAPattern();
        }
    }

    /** Reads one element of a JSON array, where null may stand. */
    public static EventTypePattern parse(@Nullable String text) {
        if (text == null) {
            throw notAPattern();
        }
        return new EventTypePattern(text);
    }

    private static IllegalArgumentException notAPattern() {
        return new IllegalArgumentException("event type must be dot-separated words of [a-z0-9_], at most 64"
                + " characters, optionally ending in .*, or * for all");
    }

    /** Whether it is wanted. */
    public boolean matches(String type) {
        if (text.equals(ALL.text)) {
            return true;
        }
        if (text.endsWith(".*")) {
            return type.length() > text.length() - 1 && type.startsWith(text.substring(0, text.length() - 1));
        }
        return text.equals(type);
    }

    /** Every pattern text that could match a type: itself, each of its prefixes, and all. */
    static List<String> candidatesFor(String type) {
        var candidates = new java.util.ArrayList<String>();
        candidates.add(type);
        for (int dot = type.lastIndexOf('.'); dot >= 0; dot = type.lastIndexOf('.', dot - 1)) {
            if (dot < type.length() - 1) {
                candidates.add(type.substring(0, dot + 1) + "*");
            }
        }
        candidates.add(ALL.text);
        return candidates;
    }
}
