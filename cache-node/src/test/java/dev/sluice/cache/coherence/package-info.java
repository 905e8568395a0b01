/** Tests of what keeps nodes coherent. */
@NullMarked
package dev.sluice.cache.coherence;

import org.jspecify.annotations.NullMarked;
