/** Hands the errors of all services on to a project of Sentry, where one is named. */
@NullMarked
package dev.sluice.metrics.sentry;

import org.jspecify.annotations.NullMarked;
