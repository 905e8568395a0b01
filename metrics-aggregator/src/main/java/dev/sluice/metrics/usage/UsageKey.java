package dev.sluice.metrics.usage;

import java.time.Instant;

/**
 * Names one page of usage. The store key keeps the pages of a tenant, and within them those of an API key, next to each
 * other and in the order of time: {@code tenant NUL scale NUL key id NUL group NUL page}. NUL sorts first and is allowed
 * in none.
 *
 * @param keyId empty for requests without a key, and for limits
 * @param group route group of requests; in its place, what a limit is counted by
 * @param page number of the hour, day or month
 */
public record UsageKey(String tenant, UsageScale scale, String keyId, String group, long page) {
    private static final int MAX_PART_LENGTH = 512;
    private static final char SEPARATOR = '\u0000';
    private static final char AFTER_SEPARATOR = '\u0001';

    public UsageKey {
        requirePart("tenant", tenant);
        requirePart("group", group);
        requireShort("keyId", keyId);
        if (page < 0 || page > 99_999_999) {
            throw new IllegalArgumentException("page must have at most eight digits: " + page);
        }
    }

    /** A range of store keys; both ends belong to it. */
    public record Range(String from, String to) {
        static Range after(String prefix) {
            return new Range(prefix + SEPARATOR, prefix + AFTER_SEPARATOR);
        }
    }

    static UsageKey of(String tenant, UsageScale scale, String keyId, String group, Instant at) {
        return new UsageKey(tenant, scale, keyId, group, scale.pageOf(at));
    }

    /** Of a limit, which counts all keys of the tenant or says itself whose it is. */
    static UsageKey ofLimit(String tenant, UsageScale scale, String limit, Instant at) {
        return new UsageKey(tenant, scale, "", limit, scale.pageOf(at));
    }

    public String storeKey() {
        return prefixOf(tenant, scale) + SEPARATOR + keyId + SEPARATOR + group + SEPARATOR + padded(page);
    }

    public static UsageKey ofStoreKey(String key) {
        String[] parts = key.split(String.valueOf(SEPARATOR), -1);
        if (parts.length != 5) {
            throw new IllegalArgumentException("key must have five parts: " + key);
        }
        return new UsageKey(parts[0], UsageScale.ofCode(parts[1]), parts[2], parts[3], Long.parseLong(parts[4]));
    }

    /** Every page of the tenant. */
    static Range rangeOf(String tenant, UsageScale scale) {
        requirePart("tenant", tenant);
        return Range.after(prefixOf(tenant, scale));
    }

    /** Every page of the tenant's API key. */
    static Range rangeOf(String tenant, UsageScale scale, String keyId) {
        requirePart("tenant", tenant);
        requireShort("keyId", keyId);
        return Range.after(prefixOf(tenant, scale) + SEPARATOR + keyId);
    }

    private static String prefixOf(String tenant, UsageScale scale) {
        return tenant + SEPARATOR + scale.code();
    }

    private static String padded(long page) {
        String digits = Long.toString(page);
        return "0".repeat(8 - digits.length()) + digits;
    }

    private static void requirePart(String name, String part) {
        if (part.isEmpty()) {
            throw new IllegalArgumentException(name + " must not be empty");
        }
        requireShort(name, part);
    }

    private static void requireShort(String name, String part) {
        if (part.indexOf(SEPARATOR) >= 0) {
            throw new IllegalArgumentException(name + " must not hold NUL");
        }
        if (part.length() > MAX_PART_LENGTH) {
            throw new IllegalArgumentException(name + " must have at most " + MAX_PART_LENGTH + " characters");
        }
    }
}
