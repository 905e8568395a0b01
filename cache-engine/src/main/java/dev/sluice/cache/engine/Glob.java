package dev.sluice.cache.engine;

import java.util.Arrays;

/**
 * A pattern for whole keys: {@code *} is any run of characters, {@code ?} is one, a backslash takes its meaning from what
 * follows. Looks back to the last star only, so a match costs at most the product of both lengths. Pure.
 */
final class Glob {

    private static final int ANY_RUN = -1;
    private static final int ANY_ONE = -2;

    private final int[] symbols;

    Glob(String pattern) {
        int[] points = pattern.codePoints().toArray();
        int[] read = new int[points.length];
        int length = 0;
        for (int i = 0; i < points.length; i++) {
            boolean escaped = points[i] == '\\' && i + 1 < points.length;
            read[length++] = escaped ? points[++i] : symbol(points[i]);
        }
        symbols = Arrays.copyOf(read, length);
    }

    private static int symbol(int point) {
        return switch (point) {
            case '*' -> ANY_RUN;
            case '?' -> ANY_ONE;
            default -> point;
        };
    }

    boolean matches(String text) {
        int[] points = text.codePoints().toArray();
        int at = 0;
        int symbol = 0;
        int star = -1;
        int afterStar = 0;
        while (at < points.length) {
            if (symbol < symbols.length && symbols[symbol] == ANY_RUN) {
                star = symbol++;
                afterStar = at;
            } else if (symbol < symbols.length && (symbols[symbol] == ANY_ONE || symbols[symbol] == points[at])) {
                symbol++;
                at++;
            } else if (star >= 0) {
                symbol = star + 1;
                at = ++afterStar;
            } else {
                return false;
            }
        }
        while (symbol < symbols.length && symbols[symbol] == ANY_RUN) {
            symbol++;
        }
        return symbol == symbols.length;
    }
}
