/** The engine is tried against fakes, a real Redis and naive oracles. */
@NullMarked
package dev.sluice.cache.engine;

import org.jspecify.annotations.NullMarked;
