package dev.sluice.gateway.ingest;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A valid CloudEvent 1.0.
 *
 * @param dataContentType null exactly when there is no data
 * @param data as received, in the media type above
 * @param extensions in their string form
 */
record CloudEvent(
        String id,
        String source,
        String type,
        @Nullable String subject,
        Instant time,
        @Nullable String dataContentType,
        @Nullable String dataSchema,
        @Nullable ByteBuffer data,
        Map<String, String> extensions) {

    CloudEvent {
        extensions = Map.copyOf(extensions);
    }

    CloudEvent withId(String other) {
        return new CloudEvent(other, source, type, subject, time, dataContentType, dataSchema, data, extensions);
    }
}
