/** Tests of what is put on the log about a service. */
@NullMarked
package dev.sluice.platform.telemetry;

import org.jspecify.annotations.NullMarked;
