/** Tests of what is told about the usage of keys. */
@NullMarked
package dev.sluice.gateway.usage;

import org.jspecify.annotations.NullMarked;
