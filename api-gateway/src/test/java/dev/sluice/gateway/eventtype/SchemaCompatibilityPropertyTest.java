package dev.sluice.gateway.eventtype;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.test.Randomness;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Against the validator itself: what is called compatible takes all data that was taken before. */
class SchemaCompatibilityPropertyTest {

    private static final int PAIRS = 3_000;
    private static final int DOCUMENTS = 30;
    private static final List<String> TYPES = List.of("string", "number", "integer", "object", "array", "null");
    private static final List<String> NAMES = List.of("a", "b");
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Random random = Randomness.seeded();

    @Test
    void neverCallsCompatibleWhatTakesLess() {
        int checked = 0;
        for (int i = 0; i < PAIRS; i++) {
            JsonNode before = schema(3);
            JsonNode after = random.nextBoolean() ? changed(before) : schema(3);
            if (!SchemaCompatibility.findNarrower(before, after).isEmpty()) {
                continue;
            }
            for (int k = 0; k < DOCUMENTS; k++) {
                JsonNode document = document(3);
                String text = JSON.writeValueAsString(document);
                if (isOfNamedProperties(document, before)
                        && Schemas.problem(JSON.writeValueAsString(before), text) == null) {
                    checked++;
                    assertThat(Schemas.problem(JSON.writeValueAsString(after), text))
                            .as("%s, taken by %s, should be by %s", text, before, after)
                            .isNull();
                }
            }
        }
        assertThat(checked).isGreaterThan(PAIRS);
    }

    /** The others are taken as ones that nobody sent. */
    private static boolean isOfNamedProperties(JsonNode document, JsonNode schema) {
        if (document.isObject()) {
            return document.properties().stream()
                    .allMatch(property -> schema.path("properties").has(property.getKey())
                            && isOfNamedProperties(
                                    property.getValue(),
                                    schema.path("properties").path(property.getKey())));
        }
        return document.valueStream().allMatch(item -> isOfNamedProperties(item, schema.path("items")));
    }

    private JsonNode schema(int depth) {
        if (random.nextInt(8) == 0) {
            return NODES.booleanNode(random.nextInt(4) > 0);
        }
        ObjectNode schema = NODES.objectNode();
        for (int i = random.nextInt(3); i >= 0; i--) {
            addKeyword(schema, depth);
        }
        return schema;
    }

    private void addKeyword(ObjectNode schema, int depth) {
        switch (random.nextInt(depth == 0 ? 7 : 12)) {
            case 0 -> schema.put("type", TYPES.get(random.nextInt(TYPES.size())));
            case 1 -> schema.put("minimum", random.nextInt(3));
            case 2 -> schema.put("maximum", random.nextInt(3));
            case 3 -> schema.put("maxLength", random.nextInt(3));
            case 4 -> schema.put("minItems", random.nextInt(2));
            case 5 -> schema.set("required", NODES.arrayNode().add(NAMES.get(random.nextInt(NAMES.size()))));
            case 6 ->
                schema.set("enum", NODES.arrayNode().add(random.nextInt(2)).add("x"));
            case 7, 8 -> {
                ObjectNode properties = schema.putObject("properties");
                NAMES.forEach(name -> properties.set(name, schema(depth - 1)));
            }
            case 9 -> schema.set("items", schema(depth - 1));
            case 10 -> schema.set("additionalProperties", schema(depth - 1));
            default ->
                schema.set("anyOf", NODES.arrayNode().add(schema(depth - 1)).add(schema(depth - 1)));
        }
    }

    /** Much the same, so that many pairs are compatible and as many nearly so. */
    private JsonNode changed(JsonNode schema) {
        if (!schema.isObject() || random.nextInt(6) == 0) {
            return random.nextInt(3) == 0 ? schema(1) : schema;
        }
        ObjectNode copy = ((ObjectNode) schema).deepCopy();
        for (String keyword : List.copyOf(copy.propertyNames())) {
            JsonNode value = copy.path(keyword);
            if (random.nextInt(5) == 0) {
                copy.remove(keyword);
            } else if (value.isInt()) {
                copy.put(keyword, value.intValue() + random.nextInt(3) - 1);
            } else if (keyword.equals("items") || keyword.equals("additionalProperties")) {
                copy.set(keyword, changed(value));
            } else if (keyword.equals("properties")) {
                NAMES.forEach(name -> ((ObjectNode) value).set(name, changed(value.path(name))));
            }
        }
        return copy;
    }

    private JsonNode document(int depth) {
        return switch (random.nextInt(depth == 0 ? 4 : 7)) {
            case 0 -> NODES.numberNode(random.nextInt(4));
            case 1 -> NODES.numberNode(random.nextInt(4) + 0.5);
            case 2 -> NODES.stringNode("x".repeat(random.nextInt(3)));
            case 3 -> NODES.booleanNode(true);
            case 4 -> {
                ArrayNode array = NODES.arrayNode();
                for (int i = random.nextInt(3); i > 0; i--) {
                    array.add(document(depth - 1));
                }
                yield array;
            }
            default -> {
                ObjectNode object = NODES.objectNode();
                NAMES.stream()
                        .filter(name -> random.nextBoolean())
                        .forEach(name -> object.set(name, document(depth - 1)));
                yield object;
            }
        };
    }
}
