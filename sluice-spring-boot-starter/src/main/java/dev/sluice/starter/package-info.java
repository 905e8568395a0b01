/** Makes an application with Spring's caching annotations a node of the two-level cache. */
@NullMarked
package dev.sluice.starter;

import org.jspecify.annotations.NullMarked;
