/** How many different keys there were, in little room. */
@NullMarked
package dev.sluice.metrics.distinct;

import org.jspecify.annotations.NullMarked;
