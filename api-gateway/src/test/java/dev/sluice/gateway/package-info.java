/** Helpers of the tests of all features. */
@NullMarked
package dev.sluice.gateway;

import org.jspecify.annotations.NullMarked;
