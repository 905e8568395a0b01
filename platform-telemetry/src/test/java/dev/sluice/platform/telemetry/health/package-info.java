/** Tests of the checks. */
@NullMarked
package dev.sluice.platform.telemetry.health;

import org.jspecify.annotations.NullMarked;
