/** From when on the figures of a tenant's cache are counted. */
@NullMarked
package dev.sluice.metrics.reset;

import org.jspecify.annotations.NullMarked;
