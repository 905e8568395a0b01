/** Keeps the first levels of all nodes true: writes are announced on the log, and every node listens. */
@NullMarked
package dev.sluice.cache.coherence;

import org.jspecify.annotations.NullMarked;
