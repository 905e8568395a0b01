package dev.sluice.cache.engine;

import java.nio.charset.StandardCharsets;

/**
 * What of a namespace a purge reaches.
 *
 * @param name the key, tag, prefix or pattern; empty for the whole namespace
 */
public record PurgeScope(Kind kind, String name) {

    /** The longest name, in bytes of UTF-8. */
    public static final int MAX_NAME_BYTES = 1024;

    /** Ways to name entries. */
    public enum Kind {
        NAMESPACE('n'),
        KEY('k'),
        TAG('t'),
        PREFIX('p'),
        /** With {@code *} for any run of characters, {@code ?} for one, and a backslash before what means itself. */
        PATTERN('g');

        private final char letter;

        Kind(char letter) {
            this.letter = letter;
        }

        /** Names it in Redis. */
        char letter() {
            return letter;
        }

        static Kind of(char letter) {
            for (Kind kind : values()) {
                if (kind.letter == letter) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("no kind of purge has the letter " + letter);
        }
    }

    public PurgeScope {
        if (name.isEmpty() != (kind == Kind.NAMESPACE)) {
            throw new IllegalArgumentException("name must be there unless the whole namespace is purged");
        }
        if (kind == Kind.TAG) {
            requireTag(name);
        }
        if (name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
            throw new IllegalArgumentException("name must have at most " + MAX_NAME_BYTES + " bytes");
        }
    }

    public static PurgeScope wholeNamespace() {
        return new PurgeScope(Kind.NAMESPACE, "");
    }

    public static PurgeScope key(String key) {
        return new PurgeScope(Kind.KEY, key);
    }

    public static PurgeScope tag(String tag) {
        return new PurgeScope(Kind.TAG, tag);
    }

    public static PurgeScope prefix(String prefix) {
        return new PurgeScope(Kind.PREFIX, prefix);
    }

    public static PurgeScope pattern(String pattern) {
        return new PurgeScope(Kind.PATTERN, pattern);
    }

    static void requireTag(String tag) {
        int bytes = tag.getBytes(StandardCharsets.UTF_8).length;
        if (bytes < 1 || bytes > CacheValue.MAX_TAG_BYTES) {
            throw new IllegalArgumentException("tag must have 1 to " + CacheValue.MAX_TAG_BYTES + " bytes");
        }
    }
}
