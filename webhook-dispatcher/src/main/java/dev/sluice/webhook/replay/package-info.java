/** Deliveries that were given up, and events of the past, sent once more by the many. */
@NullMarked
package dev.sluice.webhook.replay;

import org.jspecify.annotations.NullMarked;
