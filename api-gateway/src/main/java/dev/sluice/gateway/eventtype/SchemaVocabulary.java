package dev.sluice.gateway.eventtype;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * The keywords of JSON Schema 2020-12 (json-schema.org/draft/2020-12) that a schema of the catalogue may have, and where
 * schemas stand below them. Pure.
 */
final class SchemaVocabulary {

    static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";
    static final String DEFINITIONS = "$defs";
    static final String REFERENCE = "$ref";

    /** Their value is a schema. */
    static final Set<String> SCHEMA = Set.of(
            "additionalProperties",
            "propertyNames",
            "items",
            "contains",
            "not",
            "if",
            "then",
            "else",
            "unevaluatedItems",
            "unevaluatedProperties");
    /** Their value is a list of schemas. */
    static final Set<String> LIST = Set.of("allOf", "anyOf", "oneOf", "prefixItems");
    /** Their value is an object of schemas by name. */
    static final Set<String> BY_NAME = Set.of("properties", "patternProperties", "dependentSchemas", DEFINITIONS);
    /** They say something and decide nothing. */
    static final Set<String> ANNOTATIONS = Set.of(
            "$schema",
            "$id",
            "$comment",
            "title",
            "description",
            "default",
            "examples",
            "deprecated",
            "readOnly",
            "writeOnly",
            "format",
            "contentEncoding",
            "contentMediaType");

    private static final Set<String> ASSERTIONS = Set.of(
            REFERENCE,
            "type",
            "enum",
            "const",
            "multipleOf",
            "maximum",
            "exclusiveMaximum",
            "minimum",
            "exclusiveMinimum",
            "maxLength",
            "minLength",
            "pattern",
            "maxItems",
            "minItems",
            "uniqueItems",
            "maxContains",
            "minContains",
            "maxProperties",
            "minProperties",
            "required",
            "dependentRequired");

    private SchemaVocabulary() {}

    /** Keywords that begin with {@code x-} are the writer's own. */
    static boolean isKnown(String keyword) {
        return keyword.startsWith("x-")
                || Stream.of(SCHEMA, LIST, BY_NAME, ANNOTATIONS, ASSERTIONS).anyMatch(set -> set.contains(keyword));
    }

    static boolean isAnnotation(String keyword) {
        return keyword.startsWith("x-") || ANNOTATIONS.contains(keyword);
    }

    /** Tells of each schema directly below a keyword, with its JSON pointer from there. */
    static void below(String keyword, JsonNode value, BiConsumer<String, JsonNode> visitor) {
        if (SCHEMA.contains(keyword)) {
            visitor.accept("", value);
        } else if (LIST.contains(keyword)) {
            List<JsonNode> items = value.valueStream().toList();
            for (int i = 0; i < items.size(); i++) {
                visitor.accept("/" + i, items.get(i));
            }
        } else if (BY_NAME.contains(keyword)) {
            for (Map.Entry<String, JsonNode> entry : value.properties()) {
                visitor.accept("/" + escape(entry.getKey()), entry.getValue());
            }
        }
    }

    /** A name as a part of a JSON pointer (RFC 6901, section 3). */
    static String escape(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
