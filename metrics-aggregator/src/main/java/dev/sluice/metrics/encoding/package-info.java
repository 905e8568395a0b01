/** Compact, strict bytes for what the state stores hold. */
@NullMarked
package dev.sluice.metrics.encoding;

import org.jspecify.annotations.NullMarked;
