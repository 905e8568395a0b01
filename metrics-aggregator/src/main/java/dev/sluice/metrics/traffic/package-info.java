/** How the requests to each route were answered: counts, latencies and errors, by the minute, hour and day. */
@NullMarked
package dev.sluice.metrics.traffic;

import org.jspecify.annotations.NullMarked;
