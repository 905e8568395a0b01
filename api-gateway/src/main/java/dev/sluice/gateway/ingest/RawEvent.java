package dev.sluice.gateway.ingest;

import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An event as one content mode carried it, not checked yet.
 *
 * @param attributes by CloudEvents name, extensions included, in their string form
 */
record RawEvent(Map<String, String> attributes, @Nullable ByteBuffer data) {

    RawEvent {
        attributes = Map.copyOf(attributes);
    }
}
