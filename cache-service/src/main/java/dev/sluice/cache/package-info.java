/** The cache over HTTP: two levels, coherent through the log, every read and change recorded. */
@NullMarked
package dev.sluice.cache;

import org.jspecify.annotations.NullMarked;
