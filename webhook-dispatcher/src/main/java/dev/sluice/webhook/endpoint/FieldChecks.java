package dev.sluice.webhook.endpoint;

import dev.sluice.platform.web.FieldError;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Collects all that is wrong with a request, so that it is said at once. */
final class FieldChecks {

    private final List<FieldError> errors = new ArrayList<>();

    /** What the check gives; null, with the error noted, when it refuses by {@link IllegalArgumentException}. */
    <T> @Nullable T checked(String field, String code, Supplier<T> check) {
        try {
            return check.get();
        } catch (IllegalArgumentException e) {
            refuse(field, code, String.valueOf(e.getMessage()));
            return null;
        }
    }

    void refuse(String field, String code, String detail) {
        errors.add(new FieldError(field, code, detail));
    }

    boolean isClean() {
        return errors.isEmpty();
    }

    ProblemException problem() {
        return ProblemException.ofFields(ProblemType.UNPROCESSABLE, errors);
    }
}
