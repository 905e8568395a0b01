/** Spring's contract of a cache. */
@NullMarked
package dev.sluice.starter.cache;

import org.jspecify.annotations.NullMarked;
