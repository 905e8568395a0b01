/** What a larger cache or a longer TTL would bring, worked out of a sample of keys: reuse distances and replayed TTLs. */
@NullMarked
package dev.sluice.metrics.reuse;

import org.jspecify.annotations.NullMarked;
