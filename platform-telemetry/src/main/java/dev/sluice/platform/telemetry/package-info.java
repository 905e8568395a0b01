/** Puts the spans and the errors of a service on the log. */
@NullMarked
package dev.sluice.platform.telemetry;

import org.jspecify.annotations.NullMarked;
