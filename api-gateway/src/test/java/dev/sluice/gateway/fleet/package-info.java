/** Tries what gateways know of each other. */
@NullMarked
package dev.sluice.gateway.fleet;

import org.jspecify.annotations.NullMarked;
