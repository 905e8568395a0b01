/** Which URLs and addresses the dispatcher may connect to, and the client that obeys. */
@NullMarked
package dev.sluice.webhook.egress;

import org.jspecify.annotations.NullMarked;
