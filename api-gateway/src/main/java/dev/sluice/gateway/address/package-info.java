/** Whose word counts on where a request came from: the proxies before the gateway. */
@NullMarked
package dev.sluice.gateway.address;

import org.jspecify.annotations.NullMarked;
