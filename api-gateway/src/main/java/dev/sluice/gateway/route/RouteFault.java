package dev.sluice.gateway.route;

import dev.sluice.platform.web.FieldError;
import dev.sluice.platform.web.ProblemType;

/**
 * What is wrong with a route.
 *
 * @param field where, such as {@code targets[0].url}
 * @param detail what it must be, as the rest of a sentence that begins with the field
 */
record RouteFault(ProblemType type, String field, String detail) {

    /** The same fault as an answer of the API tells it. */
    FieldError toFieldError() {
        return new FieldError(field, type.code(), field + " " + detail + ".");
    }

    /** Whether it is about the same field as another, or about a part of it. */
    boolean isWithin(RouteFault other) {
        return field.startsWith(other.field)
                && (field.length() == other.field.length() || ".[".indexOf(field.charAt(other.field.length())) >= 0);
    }

    @Override
    public String toString() {
        return field + " " + detail;
    }
}
