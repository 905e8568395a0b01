package dev.sluice.webhook.filter;

import dev.sluice.webhook.filter.Check.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads conditions: {@code {"field":…,<operator>:…}}, {@code {"and":[…]}}, {@code {"or":[…]}} or {@code {"not":{…}}}. All that is wrong is
 * noted, each with its place. One for each filter.
 */
final class FilterReader {

    static final int MAX_LENGTH = 4_096;
    private static final int MAX_DEPTH = 8;
    private static final int MAX_CONDITIONS = 50;
    private static final int MAX_VALUES = 50;
    private static final int MAX_TEXT = 256;
    private static final String FIELD = "field";

    private final Filter.Refusals refusals;
    private int conditions;
    private boolean refused;

    FilterReader(Filter.Refusals refusals) {
        this.refusals = refusals;
    }

    Optional<Condition> read(String path, JsonNode list) {
        Condition all = new Condition.And(list(path, list, 1));
        return refused ? Optional.empty() : Optional.of(all);
    }

    private List<Condition> list(String path, JsonNode list, int depth) {
        if (!list.isArray() || list.isEmpty()) {
            refuse(path, "must be a list of at least one condition");
            return List.of();
        }
        List<Condition> read = new ArrayList<>();
        for (int i = 0; i < list.size() && conditions <= MAX_CONDITIONS; i++) {
            Condition condition = condition(path + "[" + i + "]", list.get(i), depth);
            if (condition != null) {
                read.add(condition);
            }
        }
        return List.copyOf(read);
    }

    private @Nullable Condition condition(String path, JsonNode node, int depth) {
        conditions++;
        if (conditions > MAX_CONDITIONS) {
            return noCondition(path, "a filter must have at most " + MAX_CONDITIONS + " conditions; make two webhooks");
        }
        if (depth > MAX_DEPTH) {
            return noCondition(path, "conditions must be at most " + MAX_DEPTH + " levels deep; write them flatter");
        }
        if (node.has(FIELD)) {
            return at(path, node);
        }
        if (node.isObject() && node.size() == 1) {
            Map.Entry<String, JsonNode> only = node.properties().iterator().next();
            String inner = path + "." + only.getKey();
            return switch (only.getKey()) {
                case "and" -> new Condition.And(list(inner, only.getValue(), depth + 1));
                case "or" -> new Condition.Or(list(inner, only.getValue(), depth + 1));
                case "not" -> negated(condition(inner, only.getValue(), depth + 1));
                default -> unknown(path);
            };
        }
        return unknown(path);
    }

    private static @Nullable Condition negated(@Nullable Condition condition) {
        return condition == null ? null : new Condition.Not(condition);
    }

    private @Nullable Condition unknown(String path) {
        return noCondition(
                path,
                "a condition must be {\"field\": …} with operators, or one of {\"and\": […]}, {\"or\": […]} and {\"not\": {…}}");
    }

    private @Nullable Condition at(String path, JsonNode node) {
        Place place = place(path + "." + FIELD, node.path(FIELD));
        List<Check> checks = new ArrayList<>();
        for (Map.Entry<String, JsonNode> operator : node.properties()) {
            if (!operator.getKey().equals(FIELD)) {
                Check check = check(path + "." + operator.getKey(), operator.getKey(), operator.getValue());
                if (check != null) {
                    checks.add(check);
                }
            }
        }
        if (node.size() == 1) {
            return noCondition(path, "add an operator: eq, neq, gt, gte, lt, lte, in, exists or prefix");
        }
        return place == null ? null : new Condition.At(place, List.copyOf(checks));
    }

    private @Nullable Place place(String path, JsonNode value) {
        try {
            // What is no text is no place either, and gets the same answer.
            return Place.parse(value.isString() ? value.stringValue() : "");
        } catch (IllegalArgumentException e) {
            refuse(path, String.valueOf(e.getMessage()));
            return null;
        }
    }

    private @Nullable Check check(String path, String operator, JsonNode value) {
        return switch (operator) {
            case "eq" -> isScalar(path, value) ? new Check.Same(value) : null;
            case "neq" -> isScalar(path, value) ? new Check.Different(value) : null;
            case "gt" -> ordered(path, value, Side.ABOVE);
            case "gte" -> ordered(path, value, Side.FROM);
            case "lt" -> ordered(path, value, Side.BELOW);
            case "lte" -> ordered(path, value, Side.TO);
            case "in" -> oneOf(path, value);
            case "exists" ->
                value.isBoolean() ? new Check.Exists(value.booleanValue()) : noCheck(path, "must be true or false");
            case "prefix" ->
                value.isString() && isShort(value) && !value.stringValue().isEmpty()
                        ? new Check.Prefix(value.stringValue())
                        : noCheck(path, "must be a text of 1 to " + MAX_TEXT + " characters");
            default -> noCheck(path, "is no operator; use eq, neq, gt, gte, lt, lte, in, exists or prefix");
        };
    }

    private @Nullable Check ordered(String path, JsonNode value, Side side) {
        return value.isNumber() || (value.isString() && isShort(value))
                ? new Check.Ordered(value, side)
                : noCheck(path, "must be a number, or a text of at most " + MAX_TEXT + " characters");
    }

    private @Nullable Check oneOf(String path, JsonNode values) {
        if (!values.isArray() || values.isEmpty() || values.size() > MAX_VALUES) {
            return noCheck(path, "must be a list of 1 to " + MAX_VALUES + " values");
        }
        List<JsonNode> wanted = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            if (isScalar(path + "[" + i + "]", values.get(i))) {
                wanted.add(values.get(i));
            }
        }
        return new Check.OneOf(List.copyOf(wanted));
    }

    private boolean isScalar(String path, JsonNode value) {
        if (value.isNumber() || value.isBoolean() || value.isNull() || (value.isString() && isShort(value))) {
            return true;
        }
        refuse(path, "must be a number, true, false, null, or a text of at most " + MAX_TEXT + " characters");
        return false;
    }

    private static boolean isShort(JsonNode text) {
        return text.stringValue().length() <= MAX_TEXT;
    }

    private @Nullable Condition noCondition(String path, String detail) {
        refuse(path, detail);
        return null;
    }

    private @Nullable Check noCheck(String path, String detail) {
        refuse(path, detail);
        return null;
    }

    private void refuse(String path, String detail) {
        refused = true;
        refusals.refuse(path, detail);
    }
}
