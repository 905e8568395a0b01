package dev.sluice.gateway.eventtype;

import dev.sluice.platform.web.StrictJson;
import dev.sluice.record.EventType;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A version of an event type as the API shows it.
 *
 * @param dataSchema what an event sends as its dataschema to be checked by this version
 * @param versions all that the type has
 */
record EventTypeView(
        String name,
        int version,
        String description,
        @Nullable JsonNode schema,
        String dataSchema,
        List<Integer> versions,
        Instant createdAt) {

    static EventTypeView of(EventTypeEntry entry, StrictJson json) {
        EventType type = entry.type();
        String schema = type.getJsonSchema();
        return new EventTypeView(
                type.getName(),
                type.getVersion(),
                type.getDescription(),
                schema == null ? null : json.readTree(schema.getBytes(StandardCharsets.UTF_8)),
                DataSchemaName.of(type),
                entry.versions(),
                type.getCreatedAt());
    }
}
