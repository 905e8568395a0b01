/** The tiers: which limits a tenant has on which group of routes. */
@NullMarked
package dev.sluice.gateway.tier;

import org.jspecify.annotations.NullMarked;
