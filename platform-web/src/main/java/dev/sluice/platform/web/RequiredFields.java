package dev.sluice.platform.web;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Finds components of a record that a document leaves out, before it is bound. */
final class RequiredFields {

    private RequiredFields() {}

    static void check(JsonNode tree, Class<?> type) {
        if (!type.isRecord()) {
            return;
        }
        if (!tree.isObject()) {
            throw ProblemException.ofField(ProblemType.WRONG_TYPE, "body", "Send a JSON object.");
        }
        List<FieldError> missing = new ArrayList<>();
        collect(tree, type, "", missing);
        if (!missing.isEmpty()) {
            throw ProblemException.ofFields(ProblemType.MISSING_FIELD, missing);
        }
    }

    private static void collect(JsonNode tree, Class<?> type, String path, List<FieldError> missing) {
        for (RecordComponent component : type.getRecordComponents()) {
            String field = path + component.getName();
            JsonNode value = tree.path(component.getName());
            if (value.isMissingNode() || value.isNull()) {
                if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                    missing.add(new FieldError(
                            field, ProblemType.MISSING_FIELD.code(), "Add the field " + field + "; it is required."));
                }
            } else if (component.getType().isRecord() && value.isObject()) {
                collect(value, component.getType(), field + ".", missing);
            }
        }
    }
}
