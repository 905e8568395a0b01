package dev.sluice.gateway.session;

import java.time.Duration;
import java.time.Instant;
import tools.jackson.databind.JsonNode;

/**
 * A user who is logged in.
 *
 * @param rest how long it may go unused
 * @param endsAt when it is over, however much it is used
 */
record Session(
        SessionId id,
        String tenant,
        String user,
        JsonNode attributes,
        Instant createdAt,
        Instant lastSeenAt,
        Duration rest,
        Instant endsAt) {

    /** When it is over unless it is used before. */
    Instant expiresAt() {
        Instant rested = lastSeenAt.plus(rest);
        return rested.isBefore(endsAt) ? rested : endsAt;
    }
}
