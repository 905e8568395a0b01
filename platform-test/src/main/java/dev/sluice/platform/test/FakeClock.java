package dev.sluice.platform.test;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that moves only when a test says so. Thread-safe. */
public final class FakeClock implements InstantSource {

    private static final Instant FIXED = Instant.parse("2026-01-01T00:00:00Z");

    private final AtomicReference<Instant> now;

    private FakeClock(Instant start) {
        now = new AtomicReference<>(start);
    }

    public static FakeClock startingAt(Instant start) {
        return new FakeClock(start);
    }

    /** Starts at 2026-01-01T00:00:00Z: a fixed instant keeps failures reproducible. */
    public static FakeClock fixed() {
        return startingAt(FIXED);
    }

    @Override
    public Instant instant() {
        return now.get();
    }

    /** Moves the clock; a negative amount moves it back, as a corrected system clock would. */
    public Instant advance(Duration amount) {
        return now.updateAndGet(instant -> instant.plus(amount));
    }

    public void set(Instant instant) {
        now.set(instant);
    }
}
