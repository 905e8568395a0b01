/** Tests of the way to origins, and an origin for tests. */
@NullMarked
package dev.sluice.cache.origin;

import org.jspecify.annotations.NullMarked;
