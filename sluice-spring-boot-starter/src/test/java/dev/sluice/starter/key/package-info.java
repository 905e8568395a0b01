/** Keys as text. */
@NullMarked
package dev.sluice.starter.key;

import org.jspecify.annotations.NullMarked;
