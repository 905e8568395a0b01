/** Checks that a service makes of itself, and how what they find comes on the log. */
@NullMarked
package dev.sluice.platform.telemetry.health;

import org.jspecify.annotations.NullMarked;
