package dev.sluice.gateway.schemaregistry;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/** The documents of the registry's API, with the member names that its clients expect. Avro is the default type. */
final class RegistryViews {

    private RegistryViews() {}

    record SchemaText(String schema) {}

    record SchemaTextWithMaxId(String schema, int maxId) {}

    record SubjectVersion(String subject, int version) {}

    record SchemaVersion(String subject, int version, int id, String schema) {}

    record SchemaId(int id) {}

    record Config(String compatibilityLevel) {}

    record Mode(String mode) {}

    record ClusterId(String id, Scope scope) {}

    record Scope(List<String> path) {}

    record ErrorBody(@JsonProperty("error_code") int errorCode, String message) {}
}
