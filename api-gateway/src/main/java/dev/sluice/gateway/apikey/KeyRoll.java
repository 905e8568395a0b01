package dev.sluice.gateway.apikey;

import dev.sluice.record.ApiKey;
import dev.sluice.record.ApiKeyStatus;
import java.nio.ByteBuffer;
import java.time.Instant;

/** The two records of a rolled key: its successor, and itself with an end. Pure. */
final class KeyRoll {

    private KeyRoll() {}

    /** All that the old key may and is, with another id and secret. */
    static ApiKey successor(ApiKey old, ApiKeyText text, Instant now) {
        return ApiKey.newBuilder(old)
                .setId(text.id())
                .setHash(ByteBuffer.wrap(text.hash()))
                .setStatus(ApiKeyStatus.ACTIVE)
                .setCreatedAt(now)
                .setRevokedAt(null)
                .setRolledTo(null)
                .build();
    }

    /** The old key, which ends with the overlap, or before it when it was to end before. */
    static ApiKey predecessor(ApiKey old, String successorId, Instant overlapEnd) {
        Instant end =
                old.getExpiresAt() != null && old.getExpiresAt().isBefore(overlapEnd) ? old.getExpiresAt() : overlapEnd;
        return ApiKey.newBuilder(old).setRolledTo(successorId).setExpiresAt(end).build();
    }
}
