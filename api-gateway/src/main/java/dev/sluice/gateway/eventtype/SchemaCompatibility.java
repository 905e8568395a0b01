package dev.sluice.gateway.eventtype;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;

/**
 * Whether a version of a schema takes all data that the version before took. Whether one JSON Schema contains another
 * cannot be decided quickly in general, so this asks for what can be seen keyword by keyword: a change is compatible when
 * each keyword stays, goes, or becomes wider in a way known here. What may well be compatible but is not seen to be is
 * refused. One exception makes schemas usable: a property that the version before did not name is taken as one that nobody
 * sent, so that new ones, not required, can be added to objects that are open. Pure.
 */
final class SchemaCompatibility {

    private static final JsonNode ANYTHING = BooleanNode.TRUE;

    /** A smaller value takes more. */
    private static final Set<String> LOWER_BOUNDS =
            Set.of("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties");
    /** A larger value takes more. */
    private static final Set<String> UPPER_BOUNDS =
            Set.of("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties");
    /** Without them all is taken that was taken with them, and they mean nothing to other keywords. */
    private static final Set<String> CAN_GO = Set.of(
            "allOf",
            "anyOf",
            "oneOf",
            "not",
            "dependentSchemas",
            "dependentRequired",
            "propertyNames",
            "multipleOf",
            "const",
            "pattern",
            "uniqueItems");
    /** To take more below them may be to take less in all. */
    private static final Set<String> NOT_MONOTONE =
            Set.of("not", "oneOf", "if", "maxContains", "unevaluatedItems", "unevaluatedProperties");

    private final List<String> faults = new ArrayList<>();
    private final boolean monotone;

    private SchemaCompatibility(boolean monotone) {
        this.monotone = monotone;
    }

    /** JSON pointers into the new schema to what takes less, or is not seen to take as much; none when it is compatible. */
    static List<String> findNarrower(JsonNode before, JsonNode after) {
        boolean monotone = !usesAny(before, NOT_MONOTONE) && !usesAny(after, NOT_MONOTONE);
        SchemaCompatibility comparison = new SchemaCompatibility(monotone);
        comparison.compare(before, after, "");
        return List.copyOf(comparison.faults);
    }

    private static boolean usesAny(JsonNode schema, Set<String> keywords) {
        if (!schema.isObject()) {
            return false;
        }
        boolean[] found = {schema.propertyNames().stream().anyMatch(keywords::contains)};
        schema.properties()
                .forEach(entry -> SchemaVocabulary.below(
                        entry.getKey(), entry.getValue(), (at, child) -> found[0] |= usesAny(child, keywords)));
        return found[0];
    }

    private void compare(JsonNode before, JsonNode after, String at) {
        if (isSame(before, after) || isTrue(after) || isFalse(before)) {
            return;
        }
        if (isFalse(after)) {
            faults.add(at);
            return;
        }
        Set<String> keywords = new TreeSet<>(after.propertyNames());
        if (before.isObject()) {
            keywords.addAll(before.propertyNames());
        }
        for (String keyword : keywords) {
            if (!SchemaVocabulary.isAnnotation(keyword)) {
                compareKeyword(keyword, before, after, at + "/" + SchemaVocabulary.escape(keyword));
            }
        }
    }

    private void compareKeyword(String keyword, JsonNode before, JsonNode after, String at) {
        JsonNode was = before.path(keyword);
        JsonNode is = after.path(keyword);
        if (was.equals(is)) {
            return;
        }
        boolean gone = is.isMissingNode();
        switch (keyword) {
            case "type" -> require(gone || (!was.isMissingNode() && types(is).containsAll(types(was))), at);
            case "required" -> require(gone || texts(was).containsAll(texts(is)), at);
            case "enum" ->
                require(
                        gone
                                || values(before)
                                        .filter(old -> texts(is).containsAll(old))
                                        .isPresent(),
                        at);
            case "properties" -> compareProperties(before, after, at);
            case "additionalProperties", "items" ->
                compare(was.isMissingNode() ? ANYTHING : was, gone ? ANYTHING : is, at);
            case SchemaVocabulary.DEFINITIONS -> compareDefinitions(was, is, at);
            default -> compareOther(keyword, was, is, at);
        }
    }

    private void compareOther(String keyword, JsonNode was, JsonNode is, String at) {
        boolean gone = is.isMissingNode();
        if (LOWER_BOUNDS.contains(keyword)) {
            require(gone || (was.isNumber() && is.decimalValue().compareTo(was.decimalValue()) <= 0), at);
        } else if (UPPER_BOUNDS.contains(keyword)) {
            require(gone || (was.isNumber() && is.decimalValue().compareTo(was.decimalValue()) >= 0), at);
        } else {
            require(gone && monotone && CAN_GO.contains(keyword), at);
        }
    }

    private void compareProperties(JsonNode before, JsonNode after, String at) {
        JsonNode was = before.path("properties");
        JsonNode is = after.path("properties");
        JsonNode others = after.path("additionalProperties");
        // What a pattern says of a name would have to be compared as well.
        require(
                before.path("patternProperties").isMissingNode()
                        && after.path("patternProperties").isMissingNode(),
                at);
        for (Map.Entry<String, JsonNode> old : was.properties()) {
            String name = old.getKey();
            String place = at + "/" + SchemaVocabulary.escape(name);
            if (is.has(name)) {
                compare(old.getValue(), is.path(name), place);
            } else if (!others.isMissingNode()) {
                compare(old.getValue(), others, place);
            }
        }
    }

    /** References to a definition stay; what it says may become wider. */
    private void compareDefinitions(JsonNode was, JsonNode is, String at) {
        for (Map.Entry<String, JsonNode> old : was.properties()) {
            String place = at + "/" + SchemaVocabulary.escape(old.getKey());
            JsonNode now = is.path(old.getKey());
            // One that is gone is referred to no more, and each reference that is gone was compared.
            if (!now.isMissingNode() && !isSame(old.getValue(), now)) {
                require(monotone, place);
                compare(old.getValue(), now, place);
            }
        }
    }

    private void require(boolean holds, String at) {
        if (!holds) {
            faults.add(at);
        }
    }

    /** But for what only describes. */
    private static boolean isSame(JsonNode before, JsonNode after) {
        return before.equals(after) || (isTrue(before) && isTrue(after));
    }

    private static boolean isTrue(JsonNode schema) {
        return schema.isBoolean()
                ? schema.booleanValue()
                : schema.propertyNames().stream().allMatch(SchemaVocabulary::isAnnotation);
    }

    private static boolean isFalse(JsonNode schema) {
        return schema.isBoolean() && !schema.booleanValue();
    }

    private static Set<String> types(JsonNode type) {
        Set<String> types = type.isArray()
                ? type.valueStream().map(JsonNode::asString).collect(Collectors.toCollection(HashSet::new))
                : new HashSet<>(Set.of(type.asString("")));
        if (types.contains("number")) {
            types.add("integer");
        }
        return types;
    }

    /** The values of a list, each as its JSON text. */
    private static Set<String> texts(JsonNode list) {
        return list.valueStream().map(JsonNode::toString).collect(Collectors.toSet());
    }

    /** The only values that a schema takes, if it names them. */
    private static Optional<Set<String>> values(JsonNode schema) {
        if (schema.has("enum")) {
            return Optional.of(texts(schema.path("enum")));
        }
        return schema.has("const") ? Optional.of(Set.of(schema.path("const").toString())) : Optional.empty();
    }
}
