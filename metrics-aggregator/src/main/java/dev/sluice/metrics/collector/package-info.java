/** Posts to who collects for others, with some patience. */
@NullMarked
package dev.sluice.metrics.collector;

import org.jspecify.annotations.NullMarked;
