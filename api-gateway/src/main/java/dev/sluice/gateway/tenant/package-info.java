/** Tenants, their tiers, and the API that keeps them. */
@NullMarked
package dev.sluice.gateway.tenant;

import org.jspecify.annotations.NullMarked;
