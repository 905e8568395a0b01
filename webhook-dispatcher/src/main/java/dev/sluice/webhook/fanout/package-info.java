/** Events become one delivery for each endpoint that matches. */
@NullMarked
package dev.sluice.webhook.fanout;

import org.jspecify.annotations.NullMarked;
