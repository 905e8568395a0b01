/** Counts and percentiles from the log: what the platform did, exact, mergeable and queryable. */
@NullMarked
package dev.sluice.metrics;

import org.jspecify.annotations.NullMarked;
