package dev.sluice.cache.origin;

import dev.sluice.cache.engine.CacheValue;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The tags that an origin gives a value, as content delivery networks have them: {@code Cache-Tag} with commas between them,
 * {@code Surrogate-Key} with spaces. Pure.
 */
final class OriginTags {

    private static final Pattern COMMA = Pattern.compile("[ \\t]*+,[ \\t]*+");
    private static final Pattern SPACE = Pattern.compile("[ \\t]++");

    private OriginTags() {}

    /** Whether there are any, be they none that can be kept. */
    static boolean isIn(HttpHeaders headers) {
        return headers.contains("Cache-Tag") || headers.contains("Surrogate-Key");
    }

    /** Those of both headers; empty when they are too many, or one has other characters than printable ASCII, or too many of them. */
    static Optional<List<String>> of(HttpHeaders headers) {
        List<String> tags = Stream.concat(
                        split(COMMA, headers.getAll("Cache-Tag")), split(SPACE, headers.getAll("Surrogate-Key")))
                .distinct()
                .limit(CacheValue.MAX_TAGS + 1L)
                .toList();
        return tags.size() <= CacheValue.MAX_TAGS && tags.stream().allMatch(OriginTags::isTag)
                ? Optional.of(tags)
                : Optional.empty();
    }

    private static Stream<String> split(Pattern between, List<String> lines) {
        return lines.stream()
                .flatMap(line -> between.splitAsStream(line.strip()))
                .filter(tag -> !tag.isEmpty());
    }

    private static boolean isTag(String tag) {
        return tag.length() <= CacheValue.MAX_TAG_BYTES && tag.chars().allMatch(c -> c >= ' ' && c <= '~');
    }
}
