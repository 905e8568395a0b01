package dev.sluice.webhook.history;

import dev.sluice.platform.web.Page;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list out of memory, which says what it may lack.
 *
 * @param nextCursor what to send as {@code cursor} for the part that follows; null at the end
 * @param completeFrom nothing that began from then on is missing
 * @param asOf what was written until then is in it; long ago while Kafka is away
 */
record HistoryPage<T>(List<T> data, @Nullable String nextCursor, Instant completeFrom, Instant asOf) {

    /** The page of items of which one more than the limit was looked for. */
    static <R, T> HistoryPage<T> of(Found<R> oneMore, int limit, Function<R, Position> position, Function<R, T> view) {
        Page<T> page =
                Page.of(oneMore.items(), limit, item -> position.apply(item).cursor(), view);
        return new HistoryPage<>(page.data(), page.nextCursor(), oneMore.completeFrom(), oneMore.asOf());
    }
}
