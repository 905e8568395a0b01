package dev.sluice.cache.engine;

/** The entry as stored; created when there was none before. */
public record PutResult(CacheEntry entry, boolean created) {}
