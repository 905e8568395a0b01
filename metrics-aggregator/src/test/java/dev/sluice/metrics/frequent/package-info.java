/** Tests of what keeps the most frequent keys. */
@NullMarked
package dev.sluice.metrics.frequent;

import org.jspecify.annotations.NullMarked;
