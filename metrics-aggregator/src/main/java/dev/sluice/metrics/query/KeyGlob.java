package dev.sluice.metrics.query;

/**
 * Which key patterns are meant: a text in which {@code *} is any run of characters, also of none, and everything else is itself. So
 * a pattern as answers show it means itself. Takes time in proportion to the product of both lengths at most. Pure.
 */
record KeyGlob(String text) {
    boolean matches(String pattern) {
        int at = 0;
        int in = 0;
        int star = -1;
        int resumed = 0;
        while (in < pattern.length()) {
            if (at < text.length() && text.charAt(at) == '*') {
                star = at++;
                resumed = in;
            } else if (at < text.length() && text.charAt(at) == pattern.charAt(in)) {
                at++;
                in++;
            } else if (star >= 0) {
                at = star + 1;
                in = ++resumed;
            } else {
                return false;
            }
        }
        while (at < text.length() && text.charAt(at) == '*') {
            at++;
        }
        return at == text.length();
    }
}
