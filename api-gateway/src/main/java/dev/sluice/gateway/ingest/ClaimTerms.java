package dev.sluice.gateway.ingest;

import java.time.Duration;

/**
 * How claims are held.
 *
 * @param lease how long the owner of a claim has for the write, before another may look whether it is done
 * @param window how long a complete claim is kept
 * @param deadline how long Redis may take
 */
record ClaimTerms(Duration lease, Duration window, Duration deadline) {}
