/** Standard Webhooks signatures, byte for byte. */
@NullMarked
package dev.sluice.webhook.signing;

import org.jspecify.annotations.NullMarked;
