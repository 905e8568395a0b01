package dev.sluice.platform.web;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Checks on values that the JSON grammar lets pass but no two systems read alike. */
final class JsonValues {

    private JsonValues() {}

    static void check(JsonNode node) {
        check(node, "");
    }

    private static void check(JsonNode node, String path) {
        if (node.isObject()) {
            for (Map.Entry<String, JsonNode> property : node.properties()) {
                String child = path.isEmpty() ? property.getKey() : path + "." + property.getKey();
                checkText(property.getKey(), "body");
                check(property.getValue(), child);
            }
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                check(node.get(i), path + "[" + i + "]");
            }
        } else if (node.isString()) {
            checkText(node.stringValue(), path);
        } else if (node.isFloatingPointNumber() && !Double.isFinite(node.doubleValue())) {
            throw ProblemException.ofField(
                    ProblemType.NUMBER_OUT_OF_RANGE, named(path), "Send a number that a 64-bit float can hold.");
        }
    }

    private static void checkText(String text, String path) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isHighSurrogate(text.charAt(i))
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(text.charAt(i))) {
                throw ProblemException.ofField(
                        ProblemType.INVALID_JSON,
                        named(path),
                        "Send whole characters; there is half of a surrogate pair.");
            }
        }
    }

    private static String named(String path) {
        return path.isEmpty() ? "body" : path;
    }
}
