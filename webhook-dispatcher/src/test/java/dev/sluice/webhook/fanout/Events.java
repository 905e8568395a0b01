package dev.sluice.webhook.fanout;

import dev.sluice.record.DomainEvent;
import dev.sluice.webhook.TrustedRecords;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Events as the gateway publishes them. */
public final class Events {

    public static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");

    static {
        TrustedRecords.load();
    }

    private Events() {}

    public static DomainEvent of(String tenant, String id, String type, String json) {
        return builder(tenant, id, type)
                .setDataContentType("application/json")
                .setData(ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8)))
                .build();
    }

    static DomainEvent.Builder builder(String tenant, String id, String type) {
        return DomainEvent.newBuilder()
                .setId(id)
                .setSource("/tests")
                .setType(type)
                .setTime(TIME)
                .setTenant(tenant)
                .setReceivedAt(TIME);
    }
}
