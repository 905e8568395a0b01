/** Keys of Spring's caches as text that is the same on every node, and users in them. */
@NullMarked
package dev.sluice.starter.key;

import org.jspecify.annotations.NullMarked;
