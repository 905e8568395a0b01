/** Tests of how requests to routes are counted. */
@NullMarked
package dev.sluice.metrics.traffic;

import org.jspecify.annotations.NullMarked;
