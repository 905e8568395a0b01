package dev.sluice.gateway.responsecache;

import dev.sluice.platform.web.caching.Directives;
import dev.sluice.platform.web.caching.ListText;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a caller asks of caches (RFC 9111, section 5.2.1), in milliseconds.
 *
 * @param maxAge how old an answer may be; {@link Long#MAX_VALUE} for any age
 * @param minFresh how long it must be fresh yet
 * @param maxStale for how long it may have been stale
 * @param validated whether it must have been asked for just now
 * @param unstored whether nothing of request and answer may be kept
 * @param onlyStored whether no upstream is to be asked
 */
record CallerWish(long maxAge, long minFresh, long maxStale, boolean validated, boolean unstored, boolean onlyStored) {

    static CallerWish of(List<String> cacheControl, List<String> pragma) {
        Directives wish = Directives.parse(cacheControl);
        // RFC 9111, section 5.4.
        boolean old = cacheControl.isEmpty() && ListText.split(pragma).stream().anyMatch("no-cache"::equalsIgnoreCase);
        OptionalLong maxAge = wish.secondsOf("max-age");
        return new CallerWish(
                maxAge.isPresent() ? maxAge.getAsLong() * 1000 : Long.MAX_VALUE,
                wish.secondsOf("min-fresh").orElse(0) * 1000,
                maxStale(wish),
                old || wish.has("no-cache"),
                wish.has("no-store"),
                wish.has("only-if-cached"));
    }

    private static long maxStale(Directives wish) {
        if (wish.hasBare("max-stale")) {
            return Long.MAX_VALUE;
        }
        return wish.secondsOf("max-stale").orElse(0) * 1000;
    }
}
