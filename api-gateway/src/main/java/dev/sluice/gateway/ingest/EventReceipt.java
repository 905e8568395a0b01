package dev.sluice.gateway.ingest;

/** The answer to an accepted event: what it is called and where on the log it stands. */
record EventReceipt(String id, String source, String topic, int partition, long offset) {}
