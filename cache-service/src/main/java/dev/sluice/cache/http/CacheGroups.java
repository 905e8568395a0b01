package dev.sluice.cache.http;

import dev.sluice.cache.engine.CacheValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The value of {@code Cache-Groups} (RFC 9875): a list of strings (RFC 9651) without parameters. Pure. */
final class CacheGroups {

    static final String HEADER = "Cache-Groups";

    static final String REMEDY = "Send at most " + CacheValue.MAX_TAGS + " groups of 1 to " + CacheValue.MAX_TAG_BYTES
            + " printable ASCII characters, each in double quotes, with commas between them.";

    private static final Pattern GROUP = Pattern.compile("\"((?:[\\x20\\x21\\x23-\\x5b\\x5d-\\x7e]|\\\\[\"\\\\])*+)\"");
    private static final Pattern SEPARATOR = Pattern.compile("[ \\t]*+,[ \\t]*+");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(.)");
    private static final Pattern ESCAPED = Pattern.compile("([\"\\\\])");

    private CacheGroups() {}

    /** Empty when it is not well-formed or too much. */
    static Optional<List<String>> parse(String value) {
        List<String> groups = new ArrayList<>();
        String text = value.strip();
        Matcher group = GROUP.matcher(text);
        Matcher separator = SEPARATOR.matcher(text);
        int position = 0;
        while (groups.size() < CacheValue.MAX_TAGS
                && group.region(position, text.length()).lookingAt()) {
            String name = ESCAPE.matcher(group.group(1)).replaceAll("$1");
            if (name.isEmpty() || name.length() > CacheValue.MAX_TAG_BYTES) {
                return Optional.empty();
            }
            groups.add(name);
            if (group.end() == text.length()) {
                return Optional.of(groups);
            }
            if (!separator.region(group.end(), text.length()).lookingAt()) {
                return Optional.empty();
            }
            position = separator.end();
        }
        return Optional.empty();
    }

    static String of(List<String> groups) {
        return groups.stream()
                .map(group -> '"' + ESCAPED.matcher(group).replaceAll("\\\\$1") + '"')
                .collect(Collectors.joining(", "));
    }
}
