/** Tests of the checks. */
@NullMarked
package dev.sluice.metrics.monitoring;

import org.jspecify.annotations.NullMarked;
