package dev.sluice.webhook.delivery;

import java.util.concurrent.CompletionStage;

/** What is done with a delivery whose turn it is. */
@FunctionalInterface
interface Work {

    CompletionStage<?> begin(Job job, Cursors cursors);
}
