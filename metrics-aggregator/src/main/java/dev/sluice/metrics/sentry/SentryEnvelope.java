package dev.sluice.metrics.sentry;

import dev.sluice.platform.web.SecretMask;
import dev.sluice.record.ErrorReport;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * An error as Sentry takes it: an envelope of three lines, with one event (Sentry's developer documentation, "Envelopes" and "Event Payloads"). It has what the
 * report has, and no body, header or address. The same record of the log has the same id, so that one that is handed on twice is shown once. Pure.
 */
final class SentryEnvelope {

    private final SentryProperties properties;

    SentryEnvelope(SentryProperties properties) {
        this.properties = properties;
    }

    /** @param place where the report stands on the log */
    byte[] of(ErrorReport error, String place, Instant now) {
        String id = UUID.nameUUIDFromBytes(
                        (place + " " + error.getFingerprint() + " " + error.getAt()).getBytes(StandardCharsets.UTF_8))
                .toString()
                .replace("-", "");
        byte[] event = json(event(error, id));
        ByteArrayOutputStream envelope = new ByteArrayOutputStream();
        envelope.writeBytes(json(Map.of("event_id", id, "sent_at", now.toString())));
        envelope.write('\n');
        envelope.writeBytes(json(Map.of("type", "event", "content_type", "application/json", "length", event.length)));
        envelope.write('\n');
        envelope.writeBytes(event);
        envelope.write('\n');
        return envelope.toByteArray();
    }

    private Map<String, Object> event(ErrorReport error, String id) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("event_id", id);
        event.put("timestamp", error.getAt().toString());
        event.put("platform", "java");
        event.put("level", "error");
        event.put("logger", error.getService());
        putUnlessBlank(event, "environment", properties.environment());
        putUnlessBlank(event, "release", properties.release());
        event.put("fingerprint", List.of(error.getFingerprint()));
        // Masked when it was reported; what leaves the platform is masked once more.
        event.put(
                "exception",
                Map.of(
                        "values",
                        List.of(Map.of("type", error.getType(), "value", SecretMask.mask(error.getMessage())))));
        event.put("tags", tags(error));
        return event;
    }

    private static Map<String, Object> tags(ErrorReport error) {
        Map<String, Object> tags = new LinkedHashMap<>();
        tags.put("service", error.getService());
        putUnlessBlank(tags, "tenant", error.getTenant());
        putUnlessBlank(tags, "request_id", error.getRequestId());
        putUnlessBlank(tags, "trace_id", error.getTraceId());
        return tags;
    }

    private static void putUnlessBlank(Map<String, Object> values, String name, @Nullable String value) {
        if (value != null && !value.isBlank()) {
            values.put(name, value);
        }
    }

    private static byte[] json(Map<String, Object> value) {
        return JsonMapper.shared().writeValueAsBytes(value);
    }
}
