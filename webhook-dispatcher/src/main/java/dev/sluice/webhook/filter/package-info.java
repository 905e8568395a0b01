/** Which events an endpoint wants by what is in them. */
@NullMarked
package dev.sluice.webhook.filter;

import org.jspecify.annotations.NullMarked;
