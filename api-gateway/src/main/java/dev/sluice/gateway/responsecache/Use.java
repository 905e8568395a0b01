package dev.sluice.gateway.responsecache;

/** What may be done with a stored answer. */
enum Use {
    /** It is served. */
    FRESH,
    /** It is served although it is stale, since the caller accepts that. */
    STALE,
    /** It is served, and asked for anew behind the caller's back. */
    STALE_WHILE_REVALIDATING,
    /** The upstream is asked first. */
    VALIDATE;

    /** RFC 9111, section 4.2.4, and RFC 5861, section 3. Pure. */
    static Use of(Freshness freshness, long responseMillis, CallerWish wish, long now) {
        long left = freshness.left(responseMillis, now);
        if (freshness.alwaysValidate() || wish.validated() || freshness.age(responseMillis, now) > wish.maxAge()) {
            return VALIDATE;
        }
        if (left > 0) {
            return left >= wish.minFresh() ? FRESH : VALIDATE;
        }
        if (freshness.neverStale() || wish.minFresh() > 0) {
            return VALIDATE;
        }
        if (-left < freshness.whileRevalidating()) {
            return STALE_WHILE_REVALIDATING;
        }
        return -left <= wish.maxStale() && wish.maxStale() > 0 ? STALE : VALIDATE;
    }
}
