/** Unpacked applications and the AOT caches that make them start fast. */
@NullMarked
package dev.sluice.standalone.image;

import org.jspecify.annotations.NullMarked;
