/** What the delivery of webhooks costs, how long it takes, and whether anything is lost when processes are killed. */
@NullMarked
package dev.sluice.benchmarks.webhook;

import org.jspecify.annotations.NullMarked;
