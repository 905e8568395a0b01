package dev.sluice.gateway.stream;

import dev.sluice.record.DomainEvent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Events as they stand on the log. */
final class TestEvents {

    static final Instant TIME = Instant.parse("2026-01-31T12:00:00Z");

    private TestEvents() {}

    static DomainEvent event(String tenant, String id, String type, @Nullable String subject, String data) {
        return DomainEvent.newBuilder()
                .setId(id)
                .setSource("/test")
                .setType(type)
                .setSubject(subject)
                .setTime(TIME)
                .setTenant(tenant)
                .setDataContentType("application/json")
                .setData(ByteBuffer.wrap(data.getBytes(StandardCharsets.UTF_8)))
                .setExtensions(Map.of())
                .setReceivedAt(TIME)
                .build();
    }

    /** An event on its way to clients, of so many bytes of JSON. */
    static StreamedEvent streamed(int partition, long offset, int size, Positions behind) {
        return new StreamedEvent(partition, offset, "test", new StreamedEvent.Payload(new byte[size]), behind);
    }
}
