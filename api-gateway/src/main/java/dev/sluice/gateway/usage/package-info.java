/** Tells tenants and administrators what a key has used. */
@NullMarked
package dev.sluice.gateway.usage;

import org.jspecify.annotations.NullMarked;
