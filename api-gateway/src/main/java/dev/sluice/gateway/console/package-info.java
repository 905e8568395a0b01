/** The page at the root: what this is and what to try. */
@NullMarked
package dev.sluice.gateway.console;

import org.jspecify.annotations.NullMarked;
