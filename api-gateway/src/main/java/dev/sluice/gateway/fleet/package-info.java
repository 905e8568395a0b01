/** The gateways that are alive, and how far each of them has applied what is on the log. */
@NullMarked
package dev.sluice.gateway.fleet;

import org.jspecify.annotations.NullMarked;
