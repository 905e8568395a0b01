package dev.sluice.metrics.fact;

import dev.sluice.metrics.ladder.KeyRange;

/**
 * Whose facts a tally counts, and about what: a route, a webhook, a type of events. The store key keeps what one tenant has next to each
 * other: {@code tenant NUL name}. NUL sorts first and is allowed in none.
 */
public record NamedDimension(String tenant, String name) {
    /** In place of names that are more than a tenant may keep apart, and of those that cannot be a key. */
    public static final String OTHER = "__other__";

    private static final int MAX_PART_LENGTH = 512;
    private static final char SEPARATOR = '\u0000';
    private static final char AFTER_SEPARATOR = '\u0001';

    public NamedDimension {
        requirePart("tenant", tenant);
        requirePart("name", name);
    }

    /** Of a name that cannot be a key, the others of the tenant. */
    static NamedDimension of(String tenant, String name) {
        NamedDimension others = new NamedDimension(tenant, OTHER);
        return isPart(name) ? new NamedDimension(tenant, name) : others;
    }

    NamedDimension withoutName() {
        return new NamedDimension(tenant, OTHER);
    }

    boolean isOther() {
        return name.equals(OTHER);
    }

    public String storeKey() {
        return tenant + SEPARATOR + name;
    }

    public static NamedDimension ofStoreKey(String key) {
        int separator = key.indexOf(SEPARATOR);
        if (separator < 0) {
            throw new IllegalArgumentException("key must have two parts: " + key);
        }
        return new NamedDimension(key.substring(0, separator), key.substring(separator + 1));
    }

    /** Everything of the tenant. */
    public static KeyRange rangeOf(String tenant) {
        requirePart("tenant", tenant);
        return new KeyRange(tenant + SEPARATOR, tenant + AFTER_SEPARATOR);
    }

    private static void requirePart(String name, String part) {
        if (!isPart(part)) {
            throw new IllegalArgumentException(
                    name + " must have 1 to " + MAX_PART_LENGTH + " characters, none of them NUL");
        }
    }

    private static boolean isPart(String part) {
        return !part.isEmpty() && part.length() <= MAX_PART_LENGTH && part.indexOf(SEPARATOR) < 0;
    }
}
