/** What a read of the cache costs the process that makes it. */
@NullMarked
package dev.sluice.cache.event;

import org.jspecify.annotations.NullMarked;
