package dev.sluice.gateway.ingest;

import dev.sluice.platform.web.FieldError;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong with one event, so that its producer hears all of it at once. Not thread-safe. */
final class EventFaults {

    private final UnaryOperator<String> naming;
    private final List<FieldError> errors = new ArrayList<>();
    private @Nullable ProblemType first;

    private EventFaults(UnaryOperator<String> naming) {
        this.naming = naming;
    }

    /** Of an event whose attributes are members of a JSON object. */
    static EventFaults ofMembers() {
        return new EventFaults(UnaryOperator.identity());
    }

    /** Of an event whose attributes are headers. */
    static EventFaults ofHeaders() {
        return new EventFaults(BinaryEvent::headerOf);
    }

    void add(ProblemType type, String attribute, String detail) {
        put(type, naming.apply(attribute), detail);
    }

    /** Something that names no attribute; {@code field} is told as it is. */
    void addUnknown(String field, String detail) {
        put(ProblemType.UNKNOWN_FIELD, field, detail);
    }

    private void put(ProblemType type, String field, String detail) {
        if (first == null) {
            first = type;
        }
        errors.add(new FieldError(field, type.code(), detail));
    }

    boolean concern(String attribute) {
        String field = naming.apply(attribute);
        return errors.stream().anyMatch(error -> error.field().equals(field));
    }

    /** @throws ProblemException when there is any fault */
    void throwIfAny() {
        if (first != null) {
            throw ProblemException.ofFields(first, errors);
        }
    }
}
