package dev.sluice.platform.kafka;

import java.time.Duration;
import java.util.Optional;

/** A process that listens to all partitions of a topic, and how far it has come. Thread-safe. */
public interface LogFollower {

    /**
     * Whether every record that comes from now on will be heard; false until the end of the log was found once, and of a
     * follower from before, until everything up to there was heard.
     */
    boolean following();

    /**
     * Behind the last record that was heard, or is being heard, of each partition; empty until {@link #following}. Whoever
     * begins to listen and then asks will hear all that stands behind.
     */
    Optional<LogPosition> position();

    /** Every record that was in the log this long ago has been heard; for people and rules, not to the millisecond. */
    Duration staleness();
}
