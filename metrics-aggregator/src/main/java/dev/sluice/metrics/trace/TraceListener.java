package dev.sluice.metrics.trace;

import dev.sluice.platform.kafka.LogFollower;
import dev.sluice.platform.kafka.LogFollowers;
import dev.sluice.record.ErrorReport;
import dev.sluice.record.Span;
import dev.sluice.schemas.Topics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Hears all spans and errors, and those from before its start of which there is still room. */
final class TraceListener {

    private static final Duration SPANS_FROM = Duration.ofHours(1);
    private static final Duration ERRORS_FROM = Duration.ofDays(7);

    private final LogFollower spans;
    private final LogFollower errors;
    private final InstantSource clock;

    TraceListener(LogFollowers followers, Traces traces, Errors kinds, InstantSource clock) {
        Instant now = clock.instant();
        this.clock = clock;
        this.spans =
                followers.<Span>followSince(Topics.SPANS, now.minus(SPANS_FROM), record -> traces.add(record.value()));
        this.errors = followers.<ErrorReport>followSince(
                Topics.ERRORS, now.minus(ERRORS_FROM), record -> kinds.add(record.value()));
    }

    /** Every span that was on the log then was heard; empty until that is known. */
    Optional<Instant> spansHeardUntil() {
        return heardUntil(spans);
    }

    /** As {@link #spansHeardUntil}, of errors. */
    Optional<Instant> errorsHeardUntil() {
        return heardUntil(errors);
    }

    private Optional<Instant> heardUntil(LogFollower follower) {
        return follower.following() ? Optional.of(clock.instant().minus(follower.staleness())) : Optional.empty();
    }
}
