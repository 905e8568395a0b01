/** When and through which topic a failed delivery is tried again. */
@NullMarked
package dev.sluice.webhook.retry;

import org.jspecify.annotations.NullMarked;
