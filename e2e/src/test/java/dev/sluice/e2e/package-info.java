/** Promises of the platform, tried from outside against the running platform. */
@NullMarked
package dev.sluice.e2e;

import org.jspecify.annotations.NullMarked;
