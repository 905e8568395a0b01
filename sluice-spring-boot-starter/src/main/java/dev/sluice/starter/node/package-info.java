/** The node of the cache inside an application, apart from the application's own beans. */
@NullMarked
package dev.sluice.starter.node;

import org.jspecify.annotations.NullMarked;
