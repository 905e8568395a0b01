/** Tries the tiers: those shipped, those on the log, and those that are refused. */
@NullMarked
package dev.sluice.gateway.tier;

import org.jspecify.annotations.NullMarked;
