/** Tests of curves of reuse, against caches of every size and TTL that are played in full. */
@NullMarked
package dev.sluice.metrics.reuse;

import org.jspecify.annotations.NullMarked;
