/** Tries the rules of the response cache alone, against naive ones where there are. */
@NullMarked
package dev.sluice.gateway.responsecache;

import org.jspecify.annotations.NullMarked;
