/** Stand-ins for tables on the log, for tests that need no broker. */
@NullMarked
package dev.sluice.platform.kafka.test;

import org.jspecify.annotations.NullMarked;
