/** Deliveries are sent, judged and recorded. */
@NullMarked
package dev.sluice.webhook.delivery;

import org.jspecify.annotations.NullMarked;
