/** From the log to windows: the Kafka Streams topology and what it does with late, hostile and broken records. */
@NullMarked
package dev.sluice.metrics.topology;

import org.jspecify.annotations.NullMarked;
