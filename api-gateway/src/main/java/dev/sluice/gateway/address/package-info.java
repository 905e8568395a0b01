/** Where a request came from, and whose word counts on it: the proxies before the gateway. */
@NullMarked
package dev.sluice.gateway.address;

import org.jspecify.annotations.NullMarked;
