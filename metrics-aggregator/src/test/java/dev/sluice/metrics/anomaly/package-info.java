/** Tests of what is usual. */
@NullMarked
package dev.sluice.metrics.anomaly;

import org.jspecify.annotations.NullMarked;
