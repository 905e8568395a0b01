/** Tests of the rules of namespaces. */
@NullMarked
package dev.sluice.cache.namespace;

import org.jspecify.annotations.NullMarked;
