/** The cache over HTTP: raw bytes under namespaces and keys, with the conditions and lifetimes of HTTP caching. */
@NullMarked
package dev.sluice.cache.http;

import org.jspecify.annotations.NullMarked;
