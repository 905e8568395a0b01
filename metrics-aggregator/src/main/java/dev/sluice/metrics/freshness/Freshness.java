package dev.sluice.metrics.freshness;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far the input has been counted, and committed.
 *
 * @param completeTo everything that was in the log by then is counted; null when not known yet
 * @param lagRecords records in the log that are not known to be counted
 * @param measuredAt when this was found
 */
public record Freshness(@Nullable Instant completeTo, long lagRecords, Instant measuredAt) {}
