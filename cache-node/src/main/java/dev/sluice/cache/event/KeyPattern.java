package dev.sluice.cache.event;

/**
 * What keys of one kind have in common: the key with every part that tells one object from another put as {@code *}.
 * Masked are uuids, runs of letters and digits that look like a hash or a generated id, and every number. A pattern
 * holds no ASCII digit, is never longer than its key, and is its own pattern. Pure.
 */
final class KeyPattern {

    private static final char MASK = '*';

    /** Groups of hexadecimal digits in a uuid (RFC 9562, section 4). */
    private static final int[] UUID_GROUPS = {8, 4, 4, 4, 12};

    private static final int UUID_LENGTH = 36;

    /** Git's short hashes have 7, CRC-32 has 8; words of eight letters from a to f do not hold a digit. */
    private static final int MIN_HASH_LENGTH = 7;

    /** The shortest generated ids: a 64-bit number in base 36 has 13, a nanoid 21, a ULID 26. */
    private static final int MIN_ID_LENGTH = 13;

    private KeyPattern() {}

    static String of(String key) {
        StringBuilder pattern = new StringBuilder(key.length());
        int position = 0;
        while (position < key.length()) {
            position = isAlphanumeric(key.charAt(position))
                    ? appendRun(key, position, pattern)
                    : appendOther(key, position, pattern);
        }
        return pattern.toString();
    }

    private static int appendOther(String key, int start, StringBuilder pattern) {
        pattern.append(key.charAt(start));
        return start + 1;
    }

    /** Appends the run of ASCII letters and digits that starts here, masked as far as it names one object. */
    private static int appendRun(String key, int start, StringBuilder pattern) {
        if (isUuid(key, start)) {
            pattern.append(MASK);
            return start + UUID_LENGTH;
        }
        int end = endOfRun(key, start);
        if (isGenerated(key, start, end)) {
            pattern.append(MASK);
            return end;
        }
        for (int i = start; i < end; i++) {
            if (!isDigit(key.charAt(i))) {
                pattern.append(key.charAt(i));
            } else if (i == start || !isDigit(key.charAt(i - 1))) {
                pattern.append(MASK);
            }
        }
        return end;
    }

    private static boolean isUuid(String key, int start) {
        if (start + UUID_LENGTH > key.length()) {
            return false;
        }
        int position = start;
        for (int group = 0; group < UUID_GROUPS.length; group++) {
            if (group > 0 && key.charAt(position++) != '-') {
                return false;
            }
            for (int i = 0; i < UUID_GROUPS[group]; i++) {
                if (!isHexadecimal(key.charAt(position++))) {
                    return false;
                }
            }
        }
        return position == key.length() || !isAlphanumeric(key.charAt(position));
    }

    /** Whether a run is a hash or an id: long enough, and with a digit, which tells it from a word. */
    private static boolean isGenerated(String key, int start, int end) {
        int length = end - start;
        if (length < MIN_HASH_LENGTH) {
            return false;
        }
        boolean hexadecimal = true;
        boolean digit = false;
        for (int i = start; i < end; i++) {
            hexadecimal &= isHexadecimal(key.charAt(i));
            digit |= isDigit(key.charAt(i));
        }
        return digit && (hexadecimal || length >= MIN_ID_LENGTH);
    }

    private static int endOfRun(String key, int start) {
        int end = start;
        while (end < key.length() && isAlphanumeric(key.charAt(end))) {
            end++;
        }
        return end;
    }

    private static boolean isAlphanumeric(char c) {
        return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isHexadecimal(char c) {
        return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    }
}
