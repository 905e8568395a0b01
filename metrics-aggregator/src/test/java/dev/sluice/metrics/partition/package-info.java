/** Tests of answers from all partitions. */
@NullMarked
package dev.sluice.metrics.partition;

import org.jspecify.annotations.NullMarked;
