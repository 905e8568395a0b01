/** Passes requests to the internal services, streaming both ways, with a signed identity. */
@NullMarked
package dev.sluice.gateway.forward;

import org.jspecify.annotations.NullMarked;
