/** The two-level cache: a bounded first level on the node, versions and conditions in a shared second level. */
@NullMarked
package dev.sluice.cache.engine;

import org.jspecify.annotations.NullMarked;
