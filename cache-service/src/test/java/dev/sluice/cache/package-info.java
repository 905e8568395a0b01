/** Tests of the whole process, on real Kafka and Redis. */
@NullMarked
package dev.sluice.cache;

import org.jspecify.annotations.NullMarked;
