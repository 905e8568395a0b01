/** How many events of each type were published, counted from the events on the log. */
@NullMarked
package dev.sluice.metrics.event;

import org.jspecify.annotations.NullMarked;
