/** Signing secrets sealed for the log with AES-256-GCM. */
@NullMarked
package dev.sluice.webhook.secret;

import org.jspecify.annotations.NullMarked;
