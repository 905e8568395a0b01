package dev.sluice.gateway.schemaregistry;

import dev.sluice.gateway.schemaregistry.RegistryViews.SchemaVersion;
import dev.sluice.gateway.schemaregistry.RegistryViews.SubjectVersion;
import dev.sluice.schemas.RegisteredSchema;
import dev.sluice.schemas.SchemaCatalogue;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

/** Answers a registry's questions from the committed schemas. Immutable; no I/O. */
final class SchemaRegistry {

    private static final String LATEST = "latest";

    private final SchemaCatalogue catalogue;

    SchemaRegistry(SchemaCatalogue catalogue) {
        this.catalogue = catalogue;
    }

    List<String> subjects() {
        return catalogue.subjects();
    }

    List<SchemaVersion> all() {
        List<SchemaVersion> all = new ArrayList<>();
        for (String subject : catalogue.subjects()) {
            catalogue.versions(subject).forEach(schema -> all.add(view(subject, schema)));
        }
        return all;
    }

    RegisteredSchema byId(int id) {
        return catalogue.find(id).orElseThrow(() -> RegistryException.schemaNotFound(id));
    }

    int maxId() {
        return catalogue.all().stream().mapToInt(RegisteredSchema::id).max().orElse(0);
    }

    /** Where a schema stands: one record may be the value of several topics. */
    List<SubjectVersion> placesOf(int id) {
        RegisteredSchema wanted = byId(id);
        return catalogue.subjects().stream()
                .filter(subject -> catalogue.versions(subject).contains(wanted))
                .map(subject -> new SubjectVersion(subject, wanted.version()))
                .toList();
    }

    List<Integer> versions(String subject) {
        return requireSubject(subject).stream().map(RegisteredSchema::version).toList();
    }

    /** @param version a number, {@code latest} or {@code -1} */
    SchemaVersion version(String subject, String version) {
        List<RegisteredSchema> versions = requireSubject(subject);
        if (version.equals(LATEST) || version.equals("-1")) {
            return view(subject, versions.getLast());
        }
        int wanted = parseVersion(version);
        return versions.stream()
                .filter(schema -> schema.version() == wanted)
                .findFirst()
                .map(schema -> view(subject, schema))
                .orElseThrow(() -> RegistryException.versionNotFound(wanted));
    }

    /** The version of a subject that has a schema; docs do not count. */
    SchemaVersion lookUp(String subject, String schemaText) {
        List<RegisteredSchema> versions = requireSubject(subject);
        Schema schema = parse(schemaText);
        return versions.stream()
                .filter(known -> isCommitted(schema, known))
                .findFirst()
                .map(known -> view(subject, known))
                .orElseThrow(RegistryException::schemaNotFound);
    }

    void requireKnown(String subject) {
        requireSubject(subject);
    }

    private boolean isCommitted(Schema schema, RegisteredSchema known) {
        try {
            return catalogue.idOf(schema) == known.id();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private List<RegisteredSchema> requireSubject(String subject) {
        List<RegisteredSchema> versions = catalogue.versions(subject);
        if (versions.isEmpty()) {
            throw RegistryException.subjectNotFound(subject);
        }
        return versions;
    }

    private static int parseVersion(String version) {
        try {
            int number = Integer.parseInt(version);
            if (number >= 1) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Answered below, with the bounds.
        }
        throw RegistryException.invalidVersion();
    }

    private static Schema parse(String text) {
        try {
            return new Schema.Parser().parse(text);
        } catch (AvroRuntimeException | StackOverflowError e) {
            throw RegistryException.invalidSchema("send an Avro schema as JSON text.");
        }
    }

    private static SchemaVersion view(String subject, RegisteredSchema schema) {
        return new SchemaVersion(subject, schema.version(), schema.id(), schema.text());
    }
}
