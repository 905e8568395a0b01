/** Windows of several lengths, each made of the shorter ones: counted once, kept for long. */
@NullMarked
package dev.sluice.metrics.ladder;

import org.jspecify.annotations.NullMarked;
