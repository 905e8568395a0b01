/** What the aggregator does, as a job of Flink. */
@NullMarked
package dev.sluice.benchmarks.aggregator;

import org.jspecify.annotations.NullMarked;
