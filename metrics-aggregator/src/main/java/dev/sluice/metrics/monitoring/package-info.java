/** Whether the platform is well: what the checks of all instances found, critical or not, and what they add up to. */
@NullMarked
package dev.sluice.metrics.monitoring;

import org.jspecify.annotations.NullMarked;
