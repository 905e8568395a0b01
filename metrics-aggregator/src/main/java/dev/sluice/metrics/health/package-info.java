/** Rules that judge the cache by its measured figures. */
@NullMarked
package dev.sluice.metrics.health;

import org.jspecify.annotations.NullMarked;
