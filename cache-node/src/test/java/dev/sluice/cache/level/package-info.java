/** Tests of how the levels of a node are put together. */
@NullMarked
package dev.sluice.cache.level;

import org.jspecify.annotations.NullMarked;
