package dev.sluice.gateway.eventtype;

import dev.sluice.gateway.table.TableWrites;
import dev.sluice.platform.web.FieldError;
import dev.sluice.platform.web.Preconditions;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.record.EventType;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;

/** What is done with the catalogue. A version never changes; to change a type is to add one. */
final class EventTypes {

    private static final ProblemType INCOMPATIBLE =
            ProblemType.ours("incompatible_schema", 409, "The schema takes less than the version before");

    private final EventTypeTable table;
    private final EventTypeProperties properties;
    private final StrictJson json;
    private final InstantSource clock;

    EventTypes(EventTypeTable table, EventTypeProperties properties, StrictJson json, InstantSource clock) {
        this.table = table;
        this.properties = properties;
        this.json = json;
        this.clock = clock;
    }

    /** A version as it is now, and what a write did. */
    record Stored(EventTypeEntry entry, Outcome outcome) {}

    /** What a write did. */
    enum Outcome {
        CREATED,
        CHANGED,
        UNCHANGED
    }

    /** Completes when the version is on the log and counts in this gateway. Burns CPU. */
    Mono<Stored> put(TypeName name, PutEventType wanted, HttpHeaders headers) {
        requireReady();
        wanted.check();
        PutEventType.Compatibility compatibility = wanted.parsedCompatibility();
        String schema = schemaOf(wanted);
        Optional<EventType> before = table.latest(name);
        Preconditions.check(headers, before.map(type -> entry(type).entityTag()));
        if (before.isPresent() && isSame(before.get(), wanted.text(), schema)) {
            return Mono.just(new Stored(entry(before.get()), Outcome.UNCHANGED));
        }
        if (compatibility == PutEventType.Compatibility.BACKWARD) {
            before.ifPresent(type -> requireCompatible(type.getJsonSchema(), schema));
        }
        requireRoom(name);
        EventType version = EventType.newBuilder()
                .setTenant(name.tenant())
                .setName(name.name())
                .setVersion(before.map(EventType::getVersion).orElse(0) + 1)
                .setDescription(wanted.text())
                .setJsonSchema(schema)
                .setCreatedAt(clock.instant().truncatedTo(ChronoUnit.MICROS))
                .build();
        Outcome outcome = before.isPresent() ? Outcome.CHANGED : Outcome.CREATED;
        return TableWrites.answered(() -> table.add(version)).map(stored -> new Stored(entry(stored), outcome));
    }

    /** Completes when all versions are gone. The latest goes last, so that none before it counts in between. */
    Mono<Void> delete(TypeName name, HttpHeaders headers) {
        EventTypeEntry latest = find(name);
        Preconditions.check(headers, Optional.of(latest.entityTag()));
        return Flux.fromIterable(table.versions(name))
                .concatMap(version -> TableWrites.answered(() -> table.remove(version)))
                .then();
    }

    EventTypeEntry find(TypeName name) {
        requireReady();
        return table.latest(name).map(this::entry).orElseThrow(EventTypes::notFound);
    }

    EventTypeEntry find(TypeName name, int version) {
        requireReady();
        return table.find(name, version).map(this::entry).orElseThrow(EventTypes::notFound);
    }

    List<EventTypeEntry> list(String tenant, String afterName, int limit) {
        requireReady();
        return table.list(tenant, afterName, limit).stream().map(this::entry).toList();
    }

    private EventTypeEntry entry(EventType type) {
        List<Integer> versions = table.versions(EventTypeTable.nameOf(type)).stream()
                .map(EventType::getVersion)
                .toList();
        return new EventTypeEntry(type, table.logVersionOf(type), versions);
    }

    private static @Nullable String schemaOf(PutEventType wanted) {
        JsonNode schema = wanted.schema();
        if (schema == null || schema.isNull()) {
            return null;
        }
        EventSchema.requireValid(schema);
        return schema.toString();
    }

    private boolean isSame(EventType before, String description, @Nullable String schema) {
        return before.getDescription().equals(description)
                && Objects.equals(tree(before.getJsonSchema()), tree(schema));
    }

    private void requireCompatible(@Nullable String before, @Nullable String after) {
        List<String> narrower = SchemaCompatibility.findNarrower(tree(before), tree(after));
        if (!narrower.isEmpty()) {
            throw ProblemException.ofFields(
                    INCOMPATIBLE,
                    narrower.stream()
                            .limit(20)
                            .map(pointer -> new FieldError(
                                    "/schema" + pointer,
                                    INCOMPATIBLE.code(),
                                    "Take here what the version before took, so that its producers can go on; or send "
                                            + "\"compatibility\":\"none\" when all of them have changed."))
                            .toList());
        }
    }

    /** No schema takes everything. */
    private JsonNode tree(@Nullable String schema) {
        return schema == null ? BooleanNode.TRUE : json.readTree(schema.getBytes(StandardCharsets.UTF_8));
    }

    private void requireRoom(TypeName name) {
        if (table.count(name.tenant()) >= properties.maxVersions()) {
            throw new ProblemException(
                    ProblemType.CONFLICT,
                    "There are " + properties.maxVersions()
                            + " versions of event types, the most there can be; delete a " + "type that is not used.");
        }
    }

    private void requireReady() {
        if (!table.ready()) {
            throw TableWrites.loading("event types");
        }
    }

    private static ProblemException notFound() {
        return new ProblemException(
                ProblemType.NOT_FOUND, "There is no such event type; GET /api/v1/event-types lists those there are.");
    }
}
