/** The service that delivers events to customers' HTTP endpoints, signed and retried. */
@NullMarked
package dev.sluice.webhook;

import org.jspecify.annotations.NullMarked;
