package dev.sluice.platform.web;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list.
 *
 * @param nextCursor what to send as {@code cursor} for the part that follows; null at the end
 */
public record Page<T>(List<T> data, @Nullable String nextCursor) {

    private static final int MAX = 100;
    private static final int USUAL = 50;

    /** How many items a request wants: its parameter {@code limit}, 1 to 100, else 50. */
    public static int limit(StrictQuery query) {
        return query.number("limit", 1, MAX).orElse(USUAL);
    }

    /** After which item a request wants to go on: its parameter {@code cursor}, else from the beginning. */
    public static String cursor(StrictQuery query) {
        return query.text("cursor").orElse("");
    }

    /** The page of items of which one more than the limit was looked for. */
    public static <R, T> Page<T> of(List<R> oneMore, int limit, Function<R, String> id, Function<R, T> view) {
        List<R> items = oneMore.size() > limit ? oneMore.subList(0, limit) : oneMore;
        String next = oneMore.size() > limit ? id.apply(items.getLast()) : null;
        return new Page<>(items.stream().map(view).toList(), next);
    }
}
