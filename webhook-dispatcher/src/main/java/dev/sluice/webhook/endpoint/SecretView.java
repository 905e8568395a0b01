package dev.sluice.webhook.endpoint;

import java.time.Instant;
import java.util.List;

/**
 * The secret of an endpoint, to its owner alone.
 *
 * @param secret that signs first, in clear
 * @param previous those that sign beside it, the newest first
 */
record SecretView(String id, String secret, Instant createdAt, List<Previous> previous) {

    /** One that goes on signing until then. */
    record Previous(Instant createdAt, Instant expiresAt) {}

    @Override
    public String toString() {
        return "SecretView[id=" + id + "]";
    }
}
