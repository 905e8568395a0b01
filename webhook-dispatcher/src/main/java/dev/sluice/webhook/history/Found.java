package dev.sluice.webhook.history;

import java.time.Instant;
import java.util.List;

/**
 * What is remembered of what was asked for, and how far to trust it.
 *
 * @param completeFrom nothing that began from then on is missing for want of room
 * @param asOf what was on the log then is in it
 */
record Found<T>(List<T> items, Instant completeFrom, Instant asOf) {}
