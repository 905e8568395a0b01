/** This process among those that share a cache. */
@NullMarked
package dev.sluice.cache.node;

import org.jspecify.annotations.NullMarked;
