/** Tests of the count of distinct keys. */
@NullMarked
package dev.sluice.metrics.distinct;

import org.jspecify.annotations.NullMarked;
