package dev.sluice.cache.engine;

/** Which stale values a reader takes, within what was allowed when they were stored. */
public enum StaleReads {
    /** Those that are served while somebody makes them anew. */
    WHILE_REVALIDATING,
    /** Also those that are kept for when that fails: the reader has tried. */
    AFTER_ERROR
}
