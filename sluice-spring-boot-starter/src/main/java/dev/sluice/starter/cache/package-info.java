/** Spring's caches over the two-level cache. */
@NullMarked
package dev.sluice.starter.cache;

import org.jspecify.annotations.NullMarked;
