/** What is usual at this hour, and whether what is measured is not. */
@NullMarked
package dev.sluice.metrics.anomaly;

import org.jspecify.annotations.NullMarked;
