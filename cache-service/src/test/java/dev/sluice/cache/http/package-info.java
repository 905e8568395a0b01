/** Tests of the cache over HTTP. */
@NullMarked
package dev.sluice.cache.http;

import org.jspecify.annotations.NullMarked;
