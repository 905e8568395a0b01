package dev.sluice.cache.engine;

/** Whether there was an entry, and the version of its absence: every older copy is stale. */
public record DeleteResult(boolean existed, long version) {}
