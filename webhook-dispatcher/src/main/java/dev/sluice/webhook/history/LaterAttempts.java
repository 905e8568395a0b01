package dev.sluice.webhook.history;

import dev.sluice.record.WebhookDelivery;
import java.time.InstantSource;

/** What became of deliveries after they were given up, as far as it is remembered. Thread-safe. */
public final class LaterAttempts {

    private final History history;
    private final InstantSource clock;

    LaterAttempts(History history, InstantSource clock) {
        this.history = history;
        this.clock = clock;
    }

    /** Whether the last that is remembered of a delivery is that it was delivered, or is tried again. */
    public boolean isAlive(WebhookDelivery delivery) {
        return history.last(delivery.getTenant(), delivery.getEndpointId(), delivery.getId(), clock.instant())
                .filter(entry -> entry.state() != State.DEAD)
                .isPresent();
    }
}
