package dev.sluice.gateway.ingest;

/** How CloudEvents stand in an HTTP request (HTTP binding 1.0.2, section 3). */
enum ContentMode {
    /** Attributes in {@code ce-} headers, the data as body. */
    BINARY,
    /** One event as a JSON object, called a CloudEvent. */
    STRUCTURED,
    /** Events as a JSON array, called a batch of CloudEvents. */
    BATCH,
    /** JSON that is called no more than that: an event as an object, or events as an array. */
    JSON
}
