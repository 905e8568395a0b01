/** Which keys are read most, by their hashes, in bounded memory and with a bound of the error. */
@NullMarked
package dev.sluice.metrics.frequent;

import org.jspecify.annotations.NullMarked;
