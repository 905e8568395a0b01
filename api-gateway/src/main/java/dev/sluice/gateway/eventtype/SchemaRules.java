package dev.sluice.gateway.eventtype;

import dev.sluice.platform.web.FieldError;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * What a schema of the catalogue may hold beyond what JSON Schema says. References stay within the document: nothing is
 * ever fetched for one. Patterns are such as match in linear time. A keyword that is not known is refused, since it would
 * decide nothing. Pure.
 */
final class SchemaRules {

    static final int MAX_BYTES = 64 * 1024;

    private static final Pattern LOCAL_REFERENCE = Pattern.compile("#|#/\\$defs/[^/%~]+");
    private static final int MAX_ERRORS = 20;

    private final JsonNode root;
    private final List<FieldError> errors = new ArrayList<>();

    private SchemaRules(JsonNode root) {
        this.root = root;
    }

    /** @throws ProblemException that points at everything which is wrong */
    static void check(JsonNode schema) {
        SchemaRules rules = new SchemaRules(schema);
        rules.checkSchema(schema, "/schema");
        if (!rules.errors.isEmpty()) {
            throw ProblemException.ofFields(ProblemType.INVALID_FIELD, rules.errors);
        }
    }

    private void checkSchema(JsonNode schema, String at) {
        if (schema.isBoolean()) {
            return;
        }
        if (!schema.isObject()) {
            add(at, "Send a schema: an object, true or false.");
            return;
        }
        for (Map.Entry<String, JsonNode> entry : schema.properties()) {
            String keyword = entry.getKey();
            String place = at + "/" + SchemaVocabulary.escape(keyword);
            checkKeyword(keyword, entry.getValue(), place);
            SchemaVocabulary.below(keyword, entry.getValue(), (below, child) -> checkSchema(child, place + below));
        }
    }

    private void checkKeyword(String keyword, JsonNode value, String at) {
        switch (keyword) {
            case SchemaVocabulary.REFERENCE -> checkReference(value, at);
            case "$schema" ->
                require(
                        value.asString("").equals(SchemaVocabulary.DIALECT),
                        at,
                        "Use the dialect " + SchemaVocabulary.DIALECT + ", or leave it out.");
            case "$id" ->
                require(
                        at.equals("/schema/$id"),
                        at,
                        "Give only the whole schema an id; references stay " + "within it.");
            case "pattern" -> checkPattern(value.asString(""), at);
            case "patternProperties" ->
                value.propertyNames().forEach(name -> checkPattern(name, at + "/" + SchemaVocabulary.escape(name)));
            default ->
                require(
                        SchemaVocabulary.isKnown(keyword),
                        at,
                        "This is no keyword that decides anything here; " + "leave it out, or begin its name with x-.");
        }
    }

    private void checkReference(JsonNode value, String at) {
        String reference = value.asString("");
        boolean local = LOCAL_REFERENCE.matcher(reference).matches();
        require(local, at, "Refer to # or to #/$defs/name in this document; nothing is fetched from elsewhere.");
        if (local && reference.length() > 1) {
            String name = reference.substring("#/$defs/".length());
            require(root.path(SchemaVocabulary.DEFINITIONS).has(name), at, "There is no such definition in $defs.");
        }
    }

    private void checkPattern(String pattern, String at) {
        LinearPattern.findFault(pattern).ifPresent(fault -> add(at, fault));
    }

    private void require(boolean holds, String at, String otherwise) {
        if (!holds) {
            add(at, otherwise);
        }
    }

    private void add(String at, String detail) {
        if (errors.size() < MAX_ERRORS) {
            errors.add(new FieldError(at, ProblemType.INVALID_FIELD.code(), detail));
        }
    }
}
