/** Tests of what every way through the gateway shares. */
@NullMarked
package dev.sluice.gateway.relay;

import org.jspecify.annotations.NullMarked;
