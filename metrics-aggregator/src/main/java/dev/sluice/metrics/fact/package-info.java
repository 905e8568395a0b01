/** What every count of something named has in common: whose it is, how many are kept apart, and the windows it goes into. */
@NullMarked
package dev.sluice.metrics.fact;

import org.jspecify.annotations.NullMarked;
