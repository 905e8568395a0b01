/** What became of deliveries, as their owners may ask for it. */
@NullMarked
package dev.sluice.webhook.history;

import org.jspecify.annotations.NullMarked;
