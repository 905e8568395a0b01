/** A page on which a person sees how the platform does, and which pattern wastes the cache. */
@NullMarked
package dev.sluice.metrics.dashboard;

import org.jspecify.annotations.NullMarked;
