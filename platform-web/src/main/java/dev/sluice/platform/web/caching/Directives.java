package dev.sluice.platform.web.caching;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The directives of Cache-Control (RFC 9111, section 5.2), of a request or an answer, by their names in lower case. What
 * stands twice counts in its stricter form: the shorter of two times, all of two lists of fields. Pure.
 */
public final class Directives {

    public static final Directives NONE = new Directives();

    /** More seconds than anybody waits (RFC 9111, section 1.2.2). */
    public static final long MAX_SECONDS = Integer.MAX_VALUE;

    private static final int LONGEST_NUMBER = 18;

    /** The seconds of a directive, below 0 when it has none that can be read. */
    private final Map<String, Long> seconds = new HashMap<>();

    private final Map<String, Set<String>> fields = new HashMap<>();
    private final Set<String> bare = new HashSet<>();

    private Directives() {}

    /**
     * The directives of a header.
     *
     * @param values of all its lines
     */
    public static Directives parse(List<String> values) {
        if (values.isEmpty()) {
            return NONE;
        }
        Directives directives = new Directives();
        for (String value : values) {
            for (String part : ListText.split(value)) {
                directives.add(part);
            }
        }
        return directives;
    }

    private void add(String part) {
        int equals = part.indexOf('=');
        String name = (equals < 0 ? part : part.substring(0, equals)).toLowerCase(Locale.ROOT);
        // No space belongs there (RFC 9111, section 5.2); what was meant is clear, whether it is meant is not.
        put(name.strip(), equals < 0 ? null : part.substring(equals + 1), !name.equals(name.strip()));
    }

    private void put(String name, @Nullable String argument, boolean malformed) {
        if (argument == null) {
            bare.add(name);
            seconds.merge(name, -1L, Math::min);
            return;
        }
        String text = ListText.unquote(argument.strip());
        boolean readable = !malformed && argument.equals(argument.strip());
        seconds.merge(name, readable ? numberOf(text) : -1L, Math::min);
        Set<String> names = fields.computeIfAbsent(name, ignored -> new HashSet<>());
        for (String field : ListText.split(text)) {
            names.add(field.toLowerCase(Locale.ROOT));
        }
    }

    /** Of a member of a targeted field (RFC 9213), whose kind is known. */
    public static Directives of(Map<String, Object> members) {
        Directives directives = new Directives();
        members.forEach((name, value) -> {
            if (Boolean.TRUE.equals(value)) {
                directives.put(name, null, false);
            } else if (value instanceof Long number) {
                directives.put(name, Long.toString(number), false);
            }
        });
        return directives;
    }

    public boolean has(String name) {
        return seconds.containsKey(name);
    }

    /** Whether it stands without names of fields. */
    public boolean hasBare(String name) {
        return bare.contains(name) || (has(name) && fieldsOf(name).isEmpty());
    }

    /** The names of fields that it is about, in lower case. */
    public Set<String> fieldsOf(String name) {
        return fields.getOrDefault(name, Set.of());
    }

    /**
     * The seconds of a directive that is there: 0 for what cannot be read, as what has no valid time is better taken for
     * stale (RFC 9111, section 4.2.1).
     */
    public OptionalLong secondsOf(String name) {
        Long found = seconds.get(name);
        return found == null ? OptionalLong.empty() : OptionalLong.of(Math.max(0, found));
    }

    /** Below 0 for what is no number of seconds; a number that is too large is the largest. */
    public static long numberOf(String text) {
        if (text.isEmpty() || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        return text.length() > LONGEST_NUMBER ? MAX_SECONDS : Math.min(MAX_SECONDS, Long.parseLong(text));
    }
}
