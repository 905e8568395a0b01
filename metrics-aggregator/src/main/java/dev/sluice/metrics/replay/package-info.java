/** Counts a time range of the log once more, beside what runs, and compares. */
@NullMarked
package dev.sluice.metrics.replay;

import org.jspecify.annotations.NullMarked;
