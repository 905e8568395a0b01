/** A Kafka broker and a Redis as local processes: their settings, their binaries, free ports, and children that end with us. */
@NullMarked
package dev.sluice.platform.local;

import org.jspecify.annotations.NullMarked;
