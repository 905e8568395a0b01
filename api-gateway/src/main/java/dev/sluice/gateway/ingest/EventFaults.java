package dev.sluice.gateway.ingest;

import dev.sluice.platform.web.FieldError;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong with one event, so that its producer hears all of it at once. Not thread-safe. */
final class EventFaults {

    private final List<FieldError> errors = new ArrayList<>();
    private @Nullable ProblemType first;

    void add(ProblemType type, String field, String detail) {
        if (first == null) {
            first = type;
        }
        errors.add(new FieldError(field, type.code(), detail));
    }

    boolean concern(String field) {
        return errors.stream().anyMatch(error -> error.field().equals(field));
    }

    /** @throws ProblemException when there is any fault */
    void throwIfAny() {
        if (first != null) {
            throw ProblemException.ofFields(first, errors);
        }
    }
}
