/** Passes requests to customers' upstreams: over which target, with which headers, for how long, and what if not. */
@NullMarked
package dev.sluice.gateway.proxy;

import org.jspecify.annotations.NullMarked;
