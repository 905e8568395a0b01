/** What happened to the cache, put on the log: reads in batches by key pattern, changes one by one. */
@NullMarked
package dev.sluice.cache.event;

import org.jspecify.annotations.NullMarked;
