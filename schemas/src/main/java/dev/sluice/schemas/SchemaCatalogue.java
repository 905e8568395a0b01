package dev.sluice.schemas;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.avro.Schema;

/**
 * Every version of every schema with its fixed id, and the registry subjects they belong to. Ids are not handed out by
 * a server: they are lines of {@code schema-history/ids.tsv}, which only grows. Immutable.
 */
public final class SchemaCatalogue {
    private static final String FOLDER = "/schema-history/";

    private final Map<Integer, RegisteredSchema> byId = new TreeMap<>();
    private final Map<String, List<RegisteredSchema>> byRecord = new HashMap<>();
    private final Map<Schema, RegisteredSchema> bySchema = new HashMap<>();
    private final Map<String, List<RegisteredSchema>> bySubject = new TreeMap<>();

    private SchemaCatalogue() {
        readText("ids.tsv")
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(SchemaCatalogue::read)
                .sorted(Comparator.comparingInt(RegisteredSchema::version))
                .forEach(this::add);
        for (TopicDescriptor<?> topic : Topics.all()) {
            bySubject.put(topic.subject(), history(topic.valueType().getSimpleName()));
        }
    }

    /** The catalogue of this build. */
    public static SchemaCatalogue shared() {
        return Shared.CATALOGUE;
    }

    /**
     * The id under which records of a schema are written. Docs and Java's own properties do not count.
     *
     * @throws IllegalArgumentException when the schema was never committed
     */
    public int idOf(Schema schema) {
        RegisteredSchema known = bySchema.get(SchemaText.parse(SchemaText.portable(schema)));
        if (known == null) {
            throw new IllegalArgumentException("schema of " + schema.getFullName()
                    + " is not in schema-history; commit it as a new version with the next free id");
        }
        return known.id();
    }

    public Optional<RegisteredSchema> find(int id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** Every version of every schema, by id. */
    public List<RegisteredSchema> all() {
        return List.copyOf(byId.values());
    }

    /** Every version of a record, oldest first; empty when there is no such record. */
    public List<RegisteredSchema> history(String record) {
        return List.copyOf(byRecord.getOrDefault(record, List.of()));
    }

    /** The registry subjects, in alphabetical order: one for the value of each topic. */
    public List<String> subjects() {
        return List.copyOf(bySubject.keySet());
    }

    /** The versions of a subject, oldest first; empty when there is no such subject. */
    public List<RegisteredSchema> versions(String subject) {
        return bySubject.getOrDefault(subject, List.of());
    }

    private void add(RegisteredSchema schema) {
        List<RegisteredSchema> history = byRecord.computeIfAbsent(schema.record(), record -> new ArrayList<>());
        if (byId.putIfAbsent(schema.id(), schema) != null) {
            throw new IllegalStateException("schema id " + schema.id() + " is given twice");
        }
        if (schema.version() != history.size() + 1) {
            throw new IllegalStateException("versions of " + schema.record() + " must be 1, 2, 3 … without gaps");
        }
        history.add(schema);
        bySchema.put(schema.schema(), schema);
    }

    private static RegisteredSchema read(String line) {
        String[] columns = line.split("\t", -1);
        if (columns.length != 3) {
            throw new IllegalStateException("ids.tsv wants id, record, version separated by tabs: " + line);
        }
        String text = readText(columns[1] + "/v" + columns[2] + ".avsc");
        return new RegisteredSchema(
                Integer.parseInt(columns[0]), columns[1], Integer.parseInt(columns[2]), text, SchemaText.parse(text));
    }

    private static String readText(String path) {
        try (InputStream in = SchemaCatalogue.class.getResourceAsStream(FOLDER + path)) {
            if (in == null) {
                throw new IllegalStateException("missing resource " + FOLDER + path);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Loads on first use. */
    private static final class Shared {
        static final SchemaCatalogue CATALOGUE = new SchemaCatalogue();
    }
}
