/** Tests of what is put on the log about the cache. */
@NullMarked
package dev.sluice.cache.event;

import org.jspecify.annotations.NullMarked;
