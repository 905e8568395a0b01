/** What measures the cache from outside, with nothing of the product in it. */
@NullMarked
package dev.sluice.benchmarks.cache;

import org.jspecify.annotations.NullMarked;
