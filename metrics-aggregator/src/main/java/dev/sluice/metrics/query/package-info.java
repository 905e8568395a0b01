/** Answers about the cache over HTTP, merged from windows. */
@NullMarked
package dev.sluice.metrics.query;

import org.jspecify.annotations.NullMarked;
