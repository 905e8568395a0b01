/** Puts every request that the gateway answered on the log, without loss and without holding any up. */
@NullMarked
package dev.sluice.gateway.access;

import org.jspecify.annotations.NullMarked;
