/** How deliveries to each webhook went, counted from the attempts on the log. */
@NullMarked
package dev.sluice.metrics.webhook;

import org.jspecify.annotations.NullMarked;
