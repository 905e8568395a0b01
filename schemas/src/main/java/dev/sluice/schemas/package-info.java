/** The contract on the log: which topics exist, what they carry, and how a record becomes bytes. */
@NullMarked
package dev.sluice.schemas;

import org.jspecify.annotations.NullMarked;
