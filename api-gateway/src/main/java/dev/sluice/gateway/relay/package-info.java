/** What every way through the gateway shares: a body that streams in, an answer that streams out, the headers that pass. */
@NullMarked
package dev.sluice.gateway.relay;

import org.jspecify.annotations.NullMarked;
