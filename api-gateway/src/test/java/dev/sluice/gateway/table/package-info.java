/** A table in memory for the tests of those that keep what they know in one. */
@NullMarked
package dev.sluice.gateway.table;

import org.jspecify.annotations.NullMarked;
