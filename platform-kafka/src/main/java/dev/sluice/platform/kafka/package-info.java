/** How a Sluice service talks to Kafka: typed records out, typed records in, tables in memory, and poison set aside. */
@NullMarked
package dev.sluice.platform.kafka;

import org.jspecify.annotations.NullMarked;
