/** Tests of who tells what, and how often. */
@NullMarked
package dev.sluice.metrics.alert;

import org.jspecify.annotations.NullMarked;
