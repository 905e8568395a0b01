/** Values of an application as bytes and back, by types that are trusted alone. */
@NullMarked
package dev.sluice.starter.codec;

import org.jspecify.annotations.NullMarked;
