/** Batch work on the log: what was asked for, how far it has come, and who goes on with it. */
@NullMarked
package dev.sluice.platform.kafka.job;

import org.jspecify.annotations.NullMarked;
