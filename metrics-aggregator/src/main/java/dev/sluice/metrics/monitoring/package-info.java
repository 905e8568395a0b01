/** Whether the aggregator itself is well: checks, critical or not, and what they add up to. */
@NullMarked
package dev.sluice.metrics.monitoring;

import org.jspecify.annotations.NullMarked;
