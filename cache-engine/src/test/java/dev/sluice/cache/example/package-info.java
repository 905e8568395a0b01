/** What the README shows, from outside the engine's package: compiled, and run. */
@NullMarked
package dev.sluice.cache.example;

import org.jspecify.annotations.NullMarked;
