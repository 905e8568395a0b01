/** Answers from every partition, whichever instance has it. */
@NullMarked
package dev.sluice.metrics.partition;

import org.jspecify.annotations.NullMarked;
