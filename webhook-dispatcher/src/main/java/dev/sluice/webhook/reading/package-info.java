/** Topics read with completion out of order; only what is complete without a gap is committed. */
@NullMarked
package dev.sluice.webhook.reading;

import org.jspecify.annotations.NullMarked;
