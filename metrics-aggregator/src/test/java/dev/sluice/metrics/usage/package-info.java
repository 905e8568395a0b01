/** Tests of what is counted as usage. */
@NullMarked
package dev.sluice.metrics.usage;

import org.jspecify.annotations.NullMarked;
