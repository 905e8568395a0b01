/** Hands the spans of all services on to a collector of OpenTelemetry, where one is named. */
@NullMarked
package dev.sluice.metrics.otlp;

import org.jspecify.annotations.NullMarked;
