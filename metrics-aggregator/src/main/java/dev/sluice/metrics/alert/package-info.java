/** Tells tenants, by events, when the verdict about their cache or their requests has changed. */
@NullMarked
package dev.sluice.metrics.alert;

import org.jspecify.annotations.NullMarked;
