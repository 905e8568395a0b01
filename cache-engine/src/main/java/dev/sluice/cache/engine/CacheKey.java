package dev.sluice.cache.engine;

/**
 * Names one entry. Tenant and namespace hold no colon, which parts them in the second level; the key may hold anything
 * that is well-formed text.
 */
public record CacheKey(String tenant, String namespace, String key) {

    static final int MAX_NAME_LENGTH = 128;
    static final int MAX_KEY_LENGTH = 1024;

    public CacheKey {
        requireName(tenant, "tenant");
        requireName(namespace, "namespace");
        requireLength(key, MAX_KEY_LENGTH, "key");
        requireWellFormed(key, "key");
    }

    private static void requireName(String name, String argument) {
        requireLength(name, MAX_NAME_LENGTH, argument);
        requireWellFormed(name, argument);
        if (name.indexOf(':') >= 0) {
            throw new IllegalArgumentException(argument + " must not contain a colon");
        }
    }

    private static void requireLength(String text, int max, String argument) {
        if (text.isEmpty() || text.length() > max) {
            throw new IllegalArgumentException(argument + " must have 1 to " + max + " characters");
        }
    }

    /** A lone surrogate would become a question mark in UTF-8, and two keys one. */
    private static void requireWellFormed(String text, String argument) {
        int i = 0;
        while (i < text.length()) {
            int codePoint = text.codePointAt(i);
            if (Character.getType(codePoint) == Character.SURROGATE) {
                throw new IllegalArgumentException(argument + " holds a lone surrogate");
            }
            i += Character.charCount(codePoint);
        }
    }
}
