package dev.sluice.gateway.stream;

import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which events a stream is for, by type and subject. Pure.
 *
 * @param types each is a type, a prefix as {@code order.*} (not {@code order} itself), or {@code *}; empty for all
 * @param subject one subject, the beginning of some as {@code customer-*}, or null for all and for events without one
 */
record EventFilter(List<String> types, @Nullable String subject) {

    static final EventFilter EVERYTHING = new EventFilter(List.of(), null);

    static final int MAX_TYPES = 20;

    private static final int MAX_LENGTH = 64;
    private static final String ANY = "*";
    /** As the endpoints of webhooks name types. */
    private static final Pattern TYPE = Pattern.compile("\\*|[a-z0-9_]+(\\.[a-z0-9_]+)*(\\.\\*)?");

    EventFilter {
        types = List.copyOf(types);
    }

    /** Reads the parameters {@code type}, several separated by commas, and {@code subject}. */
    static EventFilter parse(@Nullable String type, @Nullable String subject) {
        return new EventFilter(
                type == null ? List.of() : parseTypes(type), subject == null ? null : requireSubject(subject));
    }

    private static List<String> parseTypes(String text) {
        List<String> types = List.of(text.split(",", -1));
        boolean valid = types.size() <= MAX_TYPES
                && types.stream()
                        .allMatch(type -> type.length() <= MAX_LENGTH
                                && TYPE.matcher(type).matches());
        if (!valid) {
            throw ProblemException.ofField(
                    ProblemType.INVALID_PARAMETER,
                    "type",
                    "Send 1 to " + MAX_TYPES + " event types separated by commas, each of a-z, 0-9, underscore and dot"
                            + " with at most 64 characters, such as order.created, order.* or *.");
        }
        return types;
    }

    private static String requireSubject(String subject) {
        boolean valid = subject.codePointCount(0, subject.length()) <= MAX_LENGTH
                && subject.indexOf('.') < 0
                && subject.codePoints().noneMatch(Character::isISOControl);
        if (!valid) {
            throw ProblemException.ofField(
                    ProblemType.INVALID_PARAMETER,
                    "subject",
                    "Send a subject of at most 64 characters without dots, or its beginning and *, such as customer-*.");
        }
        return subject;
    }

    boolean matches(String type, @Nullable String eventSubject) {
        return matchesType(type) && matchesSubject(eventSubject);
    }

    private boolean matchesType(String type) {
        if (types.isEmpty()) {
            return true;
        }
        for (String wanted : types) {
            if (wanted.equals(type) || wanted.equals(ANY) || isBelow(wanted, type)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isBelow(String pattern, String type) {
        int prefix = pattern.length() - 1;
        return pattern.endsWith(".*") && type.length() > prefix && type.regionMatches(0, pattern, 0, prefix);
    }

    private boolean matchesSubject(@Nullable String eventSubject) {
        if (subject == null) {
            return true;
        }
        if (eventSubject == null) {
            return false;
        }
        return subject.endsWith(ANY)
                ? eventSubject.startsWith(subject.substring(0, subject.length() - 1))
                : subject.equals(eventSubject);
    }
}
