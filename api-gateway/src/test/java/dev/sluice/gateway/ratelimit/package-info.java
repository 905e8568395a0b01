/** Tries the limits: against oracles, against a real Redis, and without one. */
@NullMarked
package dev.sluice.gateway.ratelimit;

import org.jspecify.annotations.NullMarked;
