/** Keeps the answers of upstreams and uses them again, as a shared cache of HTTP does (RFC 9111). */
@NullMarked
package dev.sluice.gateway.responsecache;

import org.jspecify.annotations.NullMarked;
