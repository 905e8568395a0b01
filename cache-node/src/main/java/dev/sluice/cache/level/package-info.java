/** The two levels as this process has them: memory of its own, and the Redis that all nodes share. */
@NullMarked
package dev.sluice.cache.level;

import org.jspecify.annotations.NullMarked;
