/** The launcher behind the sluice command: entry point and the one way to the terminal. */
@NullMarked
package dev.sluice.standalone;

import org.jspecify.annotations.NullMarked;
