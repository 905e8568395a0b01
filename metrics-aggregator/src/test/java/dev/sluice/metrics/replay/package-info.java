/** Tests of replays. */
@NullMarked
package dev.sluice.metrics.replay;

import org.jspecify.annotations.NullMarked;
