/** How far the input has been counted. */
@NullMarked
package dev.sluice.metrics.freshness;

import org.jspecify.annotations.NullMarked;
