package dev.sluice.gateway.responsecache;

/** What is kept for the URL of a request: its answer, or by which headers its answers differ. */
sealed interface StoredRecord permits StoredAnswer, VariantIndex {}
