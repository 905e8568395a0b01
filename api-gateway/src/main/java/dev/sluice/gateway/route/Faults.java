package dev.sluice.gateway.route;

import dev.sluice.platform.web.ProblemType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with a route, so that all of it is told at once. */
final class Faults {

    /** More would only be a longer list to read. */
    private static final int MAX = 50;

    private final List<RouteFault> found = new ArrayList<>();

    void add(String field, String detail) {
        add(new RouteFault(ProblemType.INVALID_FIELD, field, detail));
    }

    void add(RouteFault fault) {
        if (found.size() < MAX) {
            found.add(fault);
        }
    }

    void require(boolean fine, String field, String detail) {
        if (!fine) {
            add(field, detail);
        }
    }

    void requireNumber(String field, long value, long min, long max) {
        require(value >= min && value <= max, field, "must be a whole number from " + min + " to " + max);
    }

    void requireDuration(String field, Duration value, Duration min, Duration max) {
        require(
                value.compareTo(min) >= 0 && value.compareTo(max) <= 0,
                field,
                "must be from " + DurationText.write(min) + " to " + DurationText.write(max));
    }

    List<RouteFault> all() {
        return List.copyOf(found);
    }

    boolean isEmpty() {
        return found.isEmpty();
    }
}
