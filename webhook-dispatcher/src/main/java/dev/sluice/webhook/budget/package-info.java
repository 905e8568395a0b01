/** How often a tenant may ask for what costs others something. */
@NullMarked
package dev.sluice.webhook.budget;

import org.jspecify.annotations.NullMarked;
