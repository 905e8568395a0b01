package dev.sluice.gateway.ingest;

import org.jspecify.annotations.Nullable;

/**
 * What became of a claim that was granted.
 *
 * @param receipt where the event stands; null when nothing was written, so that the claim is taken back
 */
record ClaimEnd(Claim claim, @Nullable EventReceipt receipt) {}
