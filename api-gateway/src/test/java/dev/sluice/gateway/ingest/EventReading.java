package dev.sluice.gateway.ingest;

import dev.sluice.platform.web.StrictJson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Reads events as the intake does, at a fixed time, without a log behind it. */
final class EventReading {

    static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    private static final StructuredEvent STRUCTURED = new StructuredEvent(new StrictJson());

    private EventReading() {}

    static CloudEvent read(String body) {
        return read(body.getBytes(StandardCharsets.UTF_8));
    }

    static CloudEvent read(byte[] body) {
        EventFaults faults = new EventFaults();
        return EventRules.check(
                STRUCTURED.read(body, faults), new EventDefaults("fresh-id", "/tenants/acme", NOW), faults);
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
