package dev.sluice.gateway.session;

import java.time.Instant;
import tools.jackson.databind.JsonNode;

/**
 * A session as its tenant sees it.
 *
 * @param expiresAt when it is over unless it is used before
 * @param endsAt when it is over in any case
 */
record SessionView(
        String id,
        String user,
        JsonNode attributes,
        Instant createdAt,
        Instant lastSeenAt,
        Instant expiresAt,
        Instant endsAt) {

    static SessionView of(Session session) {
        return new SessionView(
                session.id().text(),
                session.user(),
                session.attributes(),
                session.createdAt(),
                session.lastSeenAt(),
                session.expiresAt(),
                session.endsAt());
    }
}
