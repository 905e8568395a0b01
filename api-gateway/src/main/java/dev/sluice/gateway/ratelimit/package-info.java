/** Holds every tenant to the limits of its tier, together with all other gateways, and tells it where it stands. */
@NullMarked
package dev.sluice.gateway.ratelimit;

import org.jspecify.annotations.NullMarked;
