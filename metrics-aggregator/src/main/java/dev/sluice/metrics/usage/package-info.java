/** Counts what each key of each tenant has used, by route group, minute and day. */
@NullMarked
package dev.sluice.metrics.usage;

import org.jspecify.annotations.NullMarked;
