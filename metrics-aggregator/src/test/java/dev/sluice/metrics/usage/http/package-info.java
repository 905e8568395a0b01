/** Tests of what is answered about usage. */
@NullMarked
package dev.sluice.metrics.usage.http;

import org.jspecify.annotations.NullMarked;
