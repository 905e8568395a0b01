package dev.sluice.webhook.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** RFC 7396: the examples of its appendix, and its pseudo-code as an oracle. */
class MergePatchTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\":\"b\"} | {\"a\":\"c\"} | {\"a\":\"c\"}",
                "{\"a\":\"b\"} | {\"b\":\"c\"} | {\"a\":\"b\",\"b\":\"c\"}",
                "{\"a\":\"b\"} | {\"a\":null} | {}",
                "{\"a\":\"b\",\"b\":\"c\"} | {\"a\":null} | {\"b\":\"c\"}",
                "{\"a\":[\"b\"]} | {\"a\":\"c\"} | {\"a\":\"c\"}",
                "{\"a\":\"c\"} | {\"a\":[\"b\"]} | {\"a\":[\"b\"]}",
                "{\"a\":{\"b\":\"c\"}} | {\"a\":{\"b\":\"d\",\"c\":null}} | {\"a\":{\"b\":\"d\"}}",
                "{\"a\":[{\"b\":\"c\"}]} | {\"a\":[1]} | {\"a\":[1]}",
                "[\"a\",\"b\"] | [\"c\",\"d\"] | [\"c\",\"d\"]",
                "{\"a\":\"b\"} | [\"c\"] | [\"c\"]",
                "{\"a\":\"foo\"} | null | null",
                "{\"a\":\"foo\"} | \"bar\" | \"bar\"",
                "{\"e\":null} | {\"a\":1} | {\"e\":null,\"a\":1}",
                "[1,2] | {\"a\":\"b\",\"c\":null} | {\"a\":\"b\"}",
                "{} | {\"a\":{\"bb\":{\"ccc\":null}}} | {\"a\":{\"bb\":{}}}",
            })
    void doesWhatTheAppendixSays(String target, String patch, String result) {
        assertThat(MergePatch.apply(JSON.readTree(target), JSON.readTree(patch)))
                .isEqualTo(JSON.readTree(result));
    }

    @Test
    void doesWhatThePseudoCodeSays() {
        Random random = new Random(7396);
        for (int i = 0; i < 5_000; i++) {
            JsonNode target = document(random, 3);
            JsonNode patch = document(random, 3);
            JsonNode targetBefore = target.deepCopy();
            JsonNode patchBefore = patch.deepCopy();

            assertThat(MergePatch.apply(target, patch)).isEqualTo(oracle(target.deepCopy(), patch.deepCopy()));
            assertThat(List.of(target, patch)).as("left alone").containsExactly(targetBefore, patchBefore);
        }
    }

    /** Word for word section 2, on copies. */
    private static JsonNode oracle(JsonNode target, JsonNode patch) {
        if (!patch.isObject()) {
            return patch;
        }
        JsonNode base = target.isObject() ? target : JSON.createObjectNode();
        ObjectNode object = (ObjectNode) base;
        for (String name : List.copyOf(patch.propertyNames())) {
            JsonNode value = patch.get(name);
            if (value.isNull()) {
                if (object.has(name)) {
                    object.remove(name);
                }
            } else {
                JsonNode old = object.has(name) ? object.get(name) : JSON.nullNode();
                object.set(name, oracle(old, value));
            }
        }
        return object;
    }

    private static JsonNode document(Random random, int depth) {
        int kind = random.nextInt(depth > 0 ? 6 : 3);
        if (kind == 0) {
            return JSON.nullNode();
        }
        if (kind < 3) {
            return JSON.readTree(String.valueOf(random.nextInt(3)));
        }
        if (kind == 3) {
            ArrayNode array = JSON.createArrayNode();
            random.ints(random.nextInt(3), 0, 3).forEach(i -> array.add(document(random, depth - 1)));
            return array;
        }
        ObjectNode object = JSON.createObjectNode();
        for (int i = random.nextInt(4); i > 0; i--) {
            object.set("abcd".substring(i - 1, i), document(random, depth - 1));
        }
        return object;
    }
}
