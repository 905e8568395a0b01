/** Hands a tenant's events out while they come, and from where a client left off, over SSE and WebSocket. */
@NullMarked
package dev.sluice.gateway.stream;

import org.jspecify.annotations.NullMarked;
