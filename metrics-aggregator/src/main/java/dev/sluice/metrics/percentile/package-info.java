/** Latency distributions that merge: the percentile is computed here. */
@NullMarked
package dev.sluice.metrics.percentile;

import org.jspecify.annotations.NullMarked;
