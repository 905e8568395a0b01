package dev.sluice.starter.cache;

import org.jspecify.annotations.Nullable;

/** How a read with an origin ended. */
sealed interface Answer {

    /** Found, or made by somebody. */
    record Value(@Nullable Object value) implements Answer {}

    /** Whoever made it failed so. */
    record Failed(Throwable cause) implements Answer {}

    /** The cache has no answer: who asks makes the value for itself. */
    record None() implements Answer {}
}
