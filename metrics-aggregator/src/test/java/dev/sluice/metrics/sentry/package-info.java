/** What Sentry is told of errors. */
@NullMarked
package dev.sluice.metrics.sentry;

import org.jspecify.annotations.NullMarked;
