/** Tests of windows that are made of shorter ones. */
@NullMarked
package dev.sluice.metrics.ladder;

import org.jspecify.annotations.NullMarked;
