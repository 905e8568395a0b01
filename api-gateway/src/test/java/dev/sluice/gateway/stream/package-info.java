/** Tests of the streams of events. */
@NullMarked
package dev.sluice.gateway.stream;

import org.jspecify.annotations.NullMarked;
