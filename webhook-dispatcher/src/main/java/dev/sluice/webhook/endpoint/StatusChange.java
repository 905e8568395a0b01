package dev.sluice.webhook.endpoint;

/**
 * What pausing or resuming did.
 *
 * @param stored the webhook as it is now
 * @param backlog what becomes of what waits for it
 */
record StatusChange(OwnedEndpoint stored, Backlog backlog) {

    /** The answer to it. */
    record View(EndpointView webhook, Backlog backlog) {}

    /**
     * What becomes of deliveries that wait.
     *
     * @param state {@code waits} or {@code drains}
     * @param detail for people
     */
    record Backlog(String state, String detail) {}

    static StatusChange paused(OwnedEndpoint endpoint) {
        return new StatusChange(
                endpoint,
                new Backlog(
                        "waits",
                        "No attempt is begun from now on; those under way end. Events that match meanwhile and retries"
                                + " wait on the log: none is dropped, none counts as an attempt."));
    }

    static StatusChange resumed(OwnedEndpoint endpoint) {
        return new StatusChange(
                endpoint,
                new Backlog(
                        "drains",
                        "What waited, if anything did, is sent first, as fast as the receiver takes it, then what is new. If it was"
                                + " disabled, what matched meanwhile was not kept; POST …/replay sends it."));
    }

    View view(PublicKeys keys) {
        return new View(keys.shown(stored.endpoint()), backlog);
    }
}
