package dev.sluice.cache.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The value of If-Match or If-None-Match: {@code *}, or a list of entity tags (RFC 9110, sections 8.8.3, 13.1.1 and
 * 13.1.2). An entity's tag is its version in quotes; other well-formed tags are nobody's. Pure.
 *
 * @param any whether it is {@code *}
 * @param tags the tags, empty for {@code *}
 */
record EntityTags(boolean any, List<Tag> tags) {

    private static final int MAX_TAGS = 100;
    private static final Pattern TAG = Pattern.compile("(W/)?\"([\\x21\\x23-\\x7e\\x80-\\xff]*+)\"");
    private static final Pattern SEPARATOR = Pattern.compile("[ \\t]*+,[ \\t]*+");
    private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,17}");

    /** One entity tag; a weak one never matches strongly. */
    record Tag(boolean weak, String opaque) {

        /** The version that it names, if it is one of ours. */
        Optional<Long> version() {
            return VERSION.matcher(opaque).matches() ? Optional.of(Long.parseLong(opaque)) : Optional.empty();
        }
    }

    EntityTags {
        tags = List.copyOf(tags);
    }

    /** The tag of an entity of that version. */
    static String of(long version) {
        return "\"" + version + "\"";
    }

    /** What a header value says; empty when it is not well-formed. */
    static Optional<EntityTags> parse(String value) {
        String text = value.strip();
        if (text.equals("*")) {
            return Optional.of(new EntityTags(true, List.of()));
        }
        List<Tag> tags = new ArrayList<>();
        Matcher tag = TAG.matcher(text);
        Matcher separator = SEPARATOR.matcher(text);
        int position = 0;
        while (tags.size() < MAX_TAGS && tag.region(position, text.length()).lookingAt()) {
            tags.add(new Tag(tag.group(1) != null, tag.group(2)));
            if (tag.end() == text.length()) {
                return Optional.of(new EntityTags(false, tags));
            }
            if (!separator.region(tag.end(), text.length()).lookingAt()) {
                return Optional.empty();
            }
            position = separator.end();
        }
        return Optional.empty();
    }

    /** Whether an entity that exists in that version has one of the tags; a weak comparison, as for If-None-Match. */
    boolean matchWeakly(long version) {
        return any || tags.stream().anyMatch(tag -> tag.opaque.equals(Long.toString(version)));
    }

    /** As {@link #matchWeakly}; a strong comparison, as for If-Match. */
    boolean matchStrongly(long version) {
        return any || tags.stream().anyMatch(tag -> !tag.weak && tag.opaque.equals(Long.toString(version)));
    }
}
