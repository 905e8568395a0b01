package dev.sluice.webhook.filter;

import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What a value is held against. Numbers are compared by value (1 is 1.0), texts by the codes of their UTF-16 characters; a number is no text and the
 * other way round. What is not there, and what is an object or an array, passes none but {@link Different} and {@link Exists}. Pure.
 */
sealed interface Check {

    boolean passes(JsonNode value);

    /** The same number, text or truth value, or null. */
    record Same(JsonNode wanted) implements Check {

        @Override
        public boolean passes(JsonNode value) {
            return same(wanted, value);
        }
    }

    /** Exactly when {@link Same} does not pass; so also when there is nothing. */
    record Different(JsonNode unwanted) implements Check {

        @Override
        public boolean passes(JsonNode value) {
            return !same(unwanted, value);
        }
    }

    /** A number or text on one side of a bound. */
    record Ordered(JsonNode bound, Side side) implements Check {

        @Override
        public boolean passes(JsonNode value) {
            if (bound.isNumber() && value.isNumber()) {
                return side.includes(value.decimalValue().compareTo(bound.decimalValue()));
            }
            return bound.isString()
                    && value.isString()
                    && side.includes(value.stringValue().compareTo(bound.stringValue()));
        }
    }

    /** Which side of a bound, by the sign of a comparison with it. */
    enum Side {
        ABOVE {
            @Override
            boolean includes(int sign) {
                return sign > 0;
            }
        },
        FROM {
            @Override
            boolean includes(int sign) {
                return sign >= 0;
            }
        },
        BELOW {
            @Override
            boolean includes(int sign) {
                return sign < 0;
            }
        },
        TO {
            @Override
            boolean includes(int sign) {
                return sign <= 0;
            }
        };

        abstract boolean includes(int sign);
    }

    /** The same as one of several. */
    record OneOf(List<JsonNode> wanted) implements Check {

        @Override
        public boolean passes(JsonNode value) {
            for (JsonNode one : wanted) {
                if (same(one, value)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Whether there is anything, be it null. */
    record Exists(boolean wanted) implements Check {

        @Override
        public boolean passes(JsonNode value) {
            return wanted != value.isMissingNode();
        }
    }

    /** A text that begins so. */
    record Prefix(String beginning) implements Check {

        @Override
        public boolean passes(JsonNode value) {
            return value.isString() && value.stringValue().startsWith(beginning);
        }
    }

    private static boolean same(JsonNode wanted, JsonNode value) {
        if (wanted.isNumber()) {
            return value.isNumber() && wanted.decimalValue().compareTo(value.decimalValue()) == 0;
        }
        if (wanted.isString()) {
            return value.isString() && wanted.stringValue().equals(value.stringValue());
        }
        if (wanted.isBoolean()) {
            return value.isBoolean() && wanted.booleanValue() == value.booleanValue();
        }
        return wanted.isNull() && value.isNull();
    }
}
