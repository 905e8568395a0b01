package dev.sluice.gateway.stream;

/** What a stream tells its client next. */
sealed interface StreamItem {

    /** Where a client is that has heard this. */
    Positions behind();

    /** One event of the tenant. */
    record Event(StreamedEvent event, Positions behind) implements StreamItem {}

    /**
     * The client read too slowly, and events were left out; they are still on the log.
     *
     * @param from where a stream has to begin to have them
     * @param events how many
     */
    record Slow(Positions from, Positions behind, long events) implements StreamItem {}

    /**
     * The log does not go back to where the client wanted to begin; what stands there is the earliest that there is.
     *
     * @param from where the client wanted to begin
     */
    record Expired(Positions from, Positions behind) implements StreamItem {}

    /**
     * The log of before is gone, or has lost records; the client goes on in another one, with its beginning, or where this
     * one ends now.
     */
    record Replaced(Positions behind) implements StreamItem {}
}
