package dev.sluice.gateway.apikey;

import dev.sluice.record.ApiKey;
import dev.sluice.record.ApiKeyStatus;
import dev.sluice.record.DomainEvent;
import dev.sluice.schemas.RecordDecoder;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Records of keys for tests. */
final class TestKeys {

    static {
        // Builders of records copy enums, for which Avro must trust our classes; a codec brings that about.
        RecordDecoder<DomainEvent> _ = RecordDecoder.of(DomainEvent.class);
    }

    private TestKeys() {}

    static ApiKey key(String id, @Nullable Instant expiresAt) {
        return ApiKey.newBuilder()
                .setId(id)
                .setTenant("acme")
                .setEnvironment("test")
                .setName("ci")
                .setHash(ByteBuffer.wrap(new byte[32]))
                .setScopes(List.of("events:write", "cache:read"))
                .setStatus(ApiKeyStatus.ACTIVE)
                .setCreatedAt(Instant.parse("2025-01-01T00:00:00Z"))
                .setExpiresAt(expiresAt)
                .setMetadata(Map.of("team", "checkout"))
                .build();
    }
}
