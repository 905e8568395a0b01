/** The latest traces and errors of all services, held in memory by every instance. */
@NullMarked
package dev.sluice.metrics.trace;

import org.jspecify.annotations.NullMarked;
