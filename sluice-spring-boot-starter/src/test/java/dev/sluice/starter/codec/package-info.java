/** Values as bytes. */
@NullMarked
package dev.sluice.starter.codec;

import org.jspecify.annotations.NullMarked;
