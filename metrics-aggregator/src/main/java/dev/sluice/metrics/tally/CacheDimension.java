package dev.sluice.metrics.tally;

import dev.sluice.metrics.ladder.KeyRange;

/**
 * Whose reads a tally counts. The store key keeps one tenant's dimensions, and within it one namespace's, next to each
 * other, so that a query is a range: {@code tenant NUL namespace NUL pattern}. NUL sorts first and is allowed in none.
 * Parts are bounded, because every window holds them.
 */
public record CacheDimension(String tenant, String namespace, String pattern) {
    /** In place of what is more than a tenant may keep apart. */
    public static final String OTHER = "__other__";

    private static final int MAX_PART_LENGTH = 512;
    private static final char SEPARATOR = '\u0000';
    private static final char AFTER_SEPARATOR = '\u0001';

    public CacheDimension {
        requirePart("tenant", tenant);
        requirePart("namespace", namespace);
        requirePart("pattern", pattern);
    }

    public String storeKey() {
        return tenant + SEPARATOR + namespace + SEPARATOR + pattern;
    }

    public static CacheDimension ofStoreKey(String key) {
        String[] parts = key.split(String.valueOf(SEPARATOR), -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("key must have three parts: " + key);
        }
        return new CacheDimension(parts[0], parts[1], parts[2]);
    }

    /** What it counts as when its pattern is too many. */
    public CacheDimension withoutPattern() {
        return new CacheDimension(tenant, namespace, OTHER);
    }

    /** What it counts as when its namespace is too many as well. */
    public CacheDimension withoutNamespace() {
        return new CacheDimension(tenant, OTHER, OTHER);
    }

    /** Every dimension of the tenant. */
    public static KeyRange rangeOf(String tenant) {
        requirePart("tenant", tenant);
        return rangeAfter(tenant);
    }

    /** Every dimension of the tenant's namespace. */
    public static KeyRange rangeOf(String tenant, String namespace) {
        requirePart("tenant", tenant);
        requirePart("namespace", namespace);
        return rangeAfter(tenant + SEPARATOR + namespace);
    }

    private static KeyRange rangeAfter(String prefix) {
        return new KeyRange(prefix + SEPARATOR, prefix + AFTER_SEPARATOR);
    }

    private static void requirePart(String name, String part) {
        if (part.isEmpty() || part.indexOf(SEPARATOR) >= 0) {
            throw new IllegalArgumentException(name + " must not be empty or hold NUL");
        }
        if (part.length() > MAX_PART_LENGTH) {
            throw new IllegalArgumentException(name + " must have at most " + MAX_PART_LENGTH + " characters");
        }
    }
}
