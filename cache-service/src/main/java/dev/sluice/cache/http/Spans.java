package dev.sluice.cache.http;

import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Numbers of a JSON body that may be left out and have bounds. Pure. */
final class Spans {

    private Spans() {}

    static long within(String field, @Nullable Long value, long otherwise, long min, long max) {
        long number = value == null ? otherwise : value;
        if (number < min || number > max) {
            throw ProblemException.ofField(
                    ProblemType.INVALID_FIELD, field, "Send a whole number from " + min + " to " + max + ".");
        }
        return number;
    }

    /** A time from 1 ms. */
    static Duration millis(String field, @Nullable Long value, Duration otherwise, Duration max) {
        return Duration.ofMillis(within(field, value, otherwise.toMillis(), 1, max.toMillis()));
    }
}
