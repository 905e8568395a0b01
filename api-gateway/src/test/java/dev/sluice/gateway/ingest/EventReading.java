package dev.sluice.gateway.ingest;

import dev.sluice.platform.web.StrictJson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.springframework.http.HttpHeaders;

/** Reads events as the intake does, at a fixed time, without a log behind it. */
final class EventReading {

    static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    private static final StructuredEvent STRUCTURED = new StructuredEvent(new StrictJson());
    private static final BinaryEvent BINARY = new BinaryEvent(new StrictJson());

    private EventReading() {}

    static CloudEvent read(String body) {
        return read(body.getBytes(StandardCharsets.UTF_8));
    }

    static CloudEvent read(byte[] body) {
        EventFaults faults = EventFaults.ofMembers();
        return EventRules.check(
                STRUCTURED.read(body, faults), new EventDefaults("fresh-id", "/tenants/acme", NOW), faults);
    }

    static CloudEvent readBinary(HttpHeaders headers, byte[] body) {
        EventFaults faults = EventFaults.ofHeaders();
        return EventRules.check(
                BINARY.read(headers, body, faults), new EventDefaults("fresh-id", "/tenants/acme", NOW), faults);
    }

    /** A valid event with these members more, such as {@code "\"data\":1"}. */
    static String with(String members) {
        return "{\"specversion\":\"1.0\",\"type\":\"order.created\"," + members + "}";
    }

    static String dataOf(CloudEvent event) {
        return event.data() == null
                ? "none"
                : StandardCharsets.UTF_8.decode(event.data().duplicate()).toString();
    }
}
