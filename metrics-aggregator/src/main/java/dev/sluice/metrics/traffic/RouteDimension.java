package dev.sluice.metrics.traffic;

import dev.sluice.metrics.ladder.KeyRange;

/**
 * Whose requests a tally counts, and to which route: the id of a customer's, or the template of a path of the platform's own. The store key
 * keeps one tenant's routes next to each other: {@code tenant NUL route}. NUL sorts first and is allowed in none.
 */
public record RouteDimension(String tenant, String route) {
    /** In place of routes that are more than a tenant may keep apart. */
    public static final String OTHER = "__other__";

    private static final int MAX_PART_LENGTH = 512;
    private static final char SEPARATOR = '\u0000';
    private static final char AFTER_SEPARATOR = '\u0001';

    public RouteDimension {
        requirePart("tenant", tenant);
        requirePart("route", route);
    }

    /** Whether it leads to a customer's upstream: other names are paths, or stand in for what has none. */
    boolean isCustomers() {
        return !route.startsWith("/") && !route.startsWith("__");
    }

    RouteDimension withoutRoute() {
        return new RouteDimension(tenant, OTHER);
    }

    public String storeKey() {
        return tenant + SEPARATOR + route;
    }

    public static RouteDimension ofStoreKey(String key) {
        int separator = key.indexOf(SEPARATOR);
        if (separator < 0) {
            throw new IllegalArgumentException("key must have two parts: " + key);
        }
        return new RouteDimension(key.substring(0, separator), key.substring(separator + 1));
    }

    /** Every route of the tenant. */
    public static KeyRange rangeOf(String tenant) {
        requirePart("tenant", tenant);
        return new KeyRange(tenant + SEPARATOR, tenant + AFTER_SEPARATOR);
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
