/** How endpoints do over days, what follows from it, and what their owners are told of it. */
@NullMarked
package dev.sluice.webhook.health;

import org.jspecify.annotations.NullMarked;
