/** Tries the catalogue: what schemas it takes, what data fits them, and when a version takes less than the one before. */
@NullMarked
package dev.sluice.gateway.eventtype;

import org.jspecify.annotations.NullMarked;
