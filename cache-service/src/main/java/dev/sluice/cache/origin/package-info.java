/** Where values come from that nobody has put: the origins that tenants name for their namespaces. */
@NullMarked
package dev.sluice.cache.origin;

import org.jspecify.annotations.NullMarked;
