package dev.sluice.gateway.ingest;

import java.time.Instant;

/**
 * An event that was read.
 *
 * @param raw as its producer sent it
 * @param event checked and completed
 * @param naming by what it is known when it comes again
 */
record Arrival(RawEvent raw, CloudEvent event, EventNaming naming, Instant receivedAt) {

    Arrival withId(String id) {
        return new Arrival(raw, event.withId(id), naming, receivedAt);
    }
}
