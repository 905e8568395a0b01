package dev.sluice.gateway.route;

import org.jspecify.annotations.Nullable;

/**
 * A hash map that is asked with a part of a text, so that a look-up makes no object. Open addressing with linear probing,
 * at most half full. Filled by one thread, then only read.
 */
final class RangeMap<V> {

    private static final int SMALLEST = 4;

    /** Which texts are the same key. */
    enum Letters {
        /** Those that are equal, as segments of a path. */
        EXACT,
        /** Those that differ at most in the case of their letters, as names of hosts. */
        ANY_CASE
    }

    private final boolean anyCase;
    private @Nullable String[] keys = new String[SMALLEST];
    private @Nullable Object[] values = new Object[SMALLEST];
    private int size;

    RangeMap(Letters letters) {
        this.anyCase = letters == Letters.ANY_CASE;
    }

    @Nullable
    V find(String text, int from, int to) {
        int at = slotOf(text, from, to);
        return valueAt(at);
    }

    void put(String key, V value) {
        int at = slotOf(key, 0, key.length());
        if (keys[at] == null) {
            size++;
        }
        keys[at] = key;
        values[at] = value;
        if (size * 2 > keys.length) {
            grow();
        }
    }

    /** Where the key stands, or the free place where it would. */
    private int slotOf(String text, int from, int to) {
        int mask = keys.length - 1;
        int at = hash(text, from, to) & mask;
        for (String key = keys[at]; key != null; key = keys[at]) {
            if (key.length() == to - from && key.regionMatches(anyCase, 0, text, from, to - from)) {
                return at;
            }
            at = (at + 1) & mask;
        }
        return at;
    }

    /** The hash of {@link String}, spread, with letters of ASCII in lower case. */
    private static int hash(String text, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            hash = 31 * hash + (c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
        }
        hash *= 0x9E3779B9; // Fibonacci hashing (Knuth, TAOCP 3, 6.4): texts that differ at the end spread over all
        // bits.
        return hash ^ (hash >>> 16);
    }

    private void grow() {
        @Nullable String[] oldKeys = keys;
        @Nullable Object[] oldValues = values;
        keys = new String[oldKeys.length * 2];
        values = new Object[oldKeys.length * 2];
        for (int i = 0; i < oldKeys.length; i++) {
            String key = oldKeys[i];
            if (key != null) {
                int at = slotOf(key, 0, key.length());
                keys[at] = key;
                values[at] = oldValues[i];
            }
        }
    }

    @SuppressWarnings("unchecked") // Only put writes values.
    private @Nullable V valueAt(int at) {
        return (V) values[at];
    }
}
