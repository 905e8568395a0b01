package dev.sluice.gateway.eventtype;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sluice.gateway.table.TableWrites;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.record.EventType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says by which schema the data of an event is to be checked. Thread-safe; a look-up in memory. */
public final class EventDataChecks {

    private static final ProblemType UNKNOWN_TYPE =
            ProblemType.ours("unknown_event_type", 422, "The catalogue has no such event type");

    /** Schemas made ready; each is made again when it comes back after others. */
    private static final int MAX_READY = 10_000;

    private final EventTypeTable table;
    private final EventTypeProperties properties;
    private final Cache<String, EventSchema> ready =
            Caffeine.newBuilder().maximumSize(MAX_READY).build();

    EventDataChecks(EventTypeTable table, EventTypeProperties properties) {
        this.table = table;
        this.properties = properties;
    }

    /**
     * The schema for an event; empty when its data may be anything. That of the version which its dataschema names, else
     * that of the latest.
     *
     * @throws ProblemException when the tenant's catalogue refuses the type or the version
     */
    public Optional<EventSchema> schemaFor(String tenant, String type, @Nullable String dataSchema) {
        if (!table.ready()) {
            throw TableWrites.loading("event types");
        }
        Optional<EventType> latest = table.latest(new TypeName(tenant, type));
        if (latest.isEmpty() && properties.isStrict(tenant)) {
            throw ProblemException.ofField(
                    UNKNOWN_TYPE,
                    "type",
                    "Send a type of the catalogue; GET /api/v1/event-types lists those there are.");
        }
        return named(tenant, type, dataSchema)
                .or(() -> latest)
                .map(EventType::getJsonSchema)
                .map(schema -> ready.get(schema, EventSchema::of));
    }

    private Optional<EventType> named(String tenant, String type, @Nullable String dataSchema) {
        Optional<DataSchemaName> name = dataSchema == null ? Optional.empty() : DataSchemaName.parse(dataSchema);
        if (name.isEmpty()) {
            return Optional.empty();
        }
        Optional<EventType> version = name.filter(known -> known.type().equals(type))
                .flatMap(DataSchemaName::version)
                .flatMap(number -> table.find(new TypeName(tenant, type), number));
        if (version.isEmpty()) {
            throw ProblemException.ofField(
                    UNKNOWN_TYPE,
                    "dataschema",
                    "Send the dataSchema of a version of the event's own type, or leave it out for the latest.");
        }
        return version;
    }
}
