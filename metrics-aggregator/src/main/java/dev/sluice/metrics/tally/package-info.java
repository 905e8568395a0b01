/** What is known about the cache reads of one window: exact counts and a latency sketch. */
@NullMarked
package dev.sluice.metrics.tally;

import org.jspecify.annotations.NullMarked;
