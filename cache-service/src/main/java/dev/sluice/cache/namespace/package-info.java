/** What tenants lay down for their namespaces: kept on the log, in force on every node. */
@NullMarked
package dev.sluice.cache.namespace;

import org.jspecify.annotations.NullMarked;
