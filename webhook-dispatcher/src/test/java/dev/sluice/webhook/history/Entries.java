package dev.sluice.webhook.history;

import dev.sluice.webhook.egress.Snippet;
import dev.sluice.webhook.egress.Timings;
import java.time.Duration;
import java.time.Instant;

/** What became of deliveries, made up. */
final class Entries {

    private Entries() {}

    static Entry attempt(String endpoint, String delivery, int number, Instant at, State state) {
        return attempt("acme", endpoint, delivery, number, at, state);
    }

    static Entry attempt(String tenant, String endpoint, String delivery, int number, Instant at, State state) {
        return new Entry(
                new Position(at, delivery, number),
                tenant,
                endpoint,
                "evt-" + delivery,
                "order.created",
                at.minusSeconds(1),
                Timings.of(Duration.ofMillis(3)),
                "h2",
                state,
                state == State.DELIVERED ? 204 : 500,
                null,
                new Snippet("said", false),
                state == State.RETRYING ? at.plusSeconds(5) : null);
    }
}
