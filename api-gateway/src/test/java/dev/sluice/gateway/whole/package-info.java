/** The whole gateway for the tests of several features, started once for all of them. */
@NullMarked
package dev.sluice.gateway.whole;

import org.jspecify.annotations.NullMarked;
