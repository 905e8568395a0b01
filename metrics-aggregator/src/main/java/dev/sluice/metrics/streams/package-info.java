/** Runs the topology: started when the topics are there, restarted when it dies, and honest about its health. */
@NullMarked
package dev.sluice.metrics.streams;

import org.jspecify.annotations.NullMarked;
