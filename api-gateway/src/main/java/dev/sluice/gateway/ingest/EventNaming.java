package dev.sluice.gateway.ingest;

/** By what an event is known when it comes again. */
enum EventNaming {
    /** The Idempotency-Key of its request, which brought it alone. */
    BY_KEY,
    /** Its source and its id: the producer's, or one that its place in the request gives it each time. */
    BY_ID,
    /** Nothing: it is new each time. */
    NONE
}
