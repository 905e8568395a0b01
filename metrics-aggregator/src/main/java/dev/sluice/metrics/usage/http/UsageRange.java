package dev.sluice.metrics.usage.http;

import dev.sluice.metrics.usage.UsageProperties;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.platform.web.StrictQuery;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Which points an answer has. What is asked for is covered in full: a range that begins or ends within a point has all of it,
 * and no point begins after now.
 *
 * @param from start of the first point
 * @param to end of the last point
 */
record UsageRange(UsageStep step, Instant from, Instant to) {
    private static final String FROM = "from";
    private static final String TO = "to";
    private static final String STEP = "step";

    /** Reads {@code from}, {@code to} and {@code step}; refuses, with what to send, a range that cannot be answered. */
    static UsageRange of(StrictQuery query, UsageProperties kept, Instant now) {
        UsageStep step = query.text(STEP).map(UsageRange::step).orElse(UsageStep.DAY);
        Instant to = query.instant(TO).orElse(now);
        Instant end = to.isBefore(now) ? to : now;
        Optional<Instant> from = query.instant(FROM);
        from.ifPresent(asked -> requireOrder(asked, to, now));
        Instant start = from.orElseGet(() -> step.usualFrom(end));
        requireKept(step, start, kept.kept(step.scale()), from.isPresent() ? FROM : TO, now);
        requireShort(step, start, end);
        return new UsageRange(step, step.floor(start), step.ceiling(end));
    }

    private static void requireOrder(Instant from, Instant to, Instant now) {
        if (!from.isBefore(now)) {
            throw invalid(FROM, "Send an instant before now, " + now.truncatedTo(ChronoUnit.SECONDS) + ".");
        }
        if (!from.isBefore(to)) {
            throw invalid(FROM, "Send an instant before that of to, " + to + ".");
        }
    }

    private static void requireKept(UsageStep step, Instant start, Duration kept, String field, Instant now) {
        Instant oldest = now.minus(kept);
        if (start.isBefore(step.floor(oldest))) {
            throw invalid(
                    field,
                    "Usage by the " + step.label() + " is kept for " + words(kept) + "; send an instant from "
                            + step.ceiling(oldest) + " on, or ask for a longer step.");
        }
    }

    private static void requireShort(UsageStep step, Instant start, Instant end) {
        if (Duration.between(start, end).compareTo(step.longest()) > 0) {
            throw invalid(
                    FROM,
                    "By the " + step.label() + ", ask for at most " + words(step.longest())
                            + " at once: send a later from, an earlier to, or a longer step.");
        }
    }

    private static String words(Duration duration) {
        return duration.equals(Duration.ofDays(duration.toDays())) ? duration.toDays() + " days" : duration.toString();
    }

    static UsageStep step(String text) {
        return UsageStep.find(text).orElseThrow(() -> invalid(STEP, "Send minute, day or month."));
    }

    private static ProblemException invalid(String field, String remedy) {
        return ProblemException.ofField(ProblemType.INVALID_PARAMETER, field, remedy);
    }
}
