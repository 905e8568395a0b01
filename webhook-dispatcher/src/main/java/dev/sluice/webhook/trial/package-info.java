/** Test events that owners have sent to their endpoints, to see what comes of them. */
@NullMarked
package dev.sluice.webhook.trial;

import org.jspecify.annotations.NullMarked;
