/** Answers what was used in a range of time. */
@NullMarked
package dev.sluice.metrics.usage.http;

import org.jspecify.annotations.NullMarked;
