package dev.sluice.gateway.ingest;

/** How CloudEvents stand in an HTTP request (HTTP binding 1.0.2, section 3). */
enum ContentMode {
    /** Attributes in {@code ce-} headers, the data as body. */
    BINARY,
    /** One event as a JSON object. */
    STRUCTURED,
    /** Events as a JSON array. */
    BATCH
}
