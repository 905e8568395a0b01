/** Who changed which webhook, on the log. */
@NullMarked
package dev.sluice.webhook.audit;

import org.jspecify.annotations.NullMarked;
