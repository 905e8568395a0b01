package dev.sluice.cache.engine;

import java.time.Duration;

/** What becomes of the wish to make the next value of a key. */
public sealed interface Lease {

    /** A tombstone is what a lease without an entry is written on, and must not end before it. */
    Duration MAX_LIFE = RedisSecondLevel.TOMBSTONE_LIFE;

    /** A put under {@link Condition#lease} of the token succeeds as long as nothing else has changed. */
    record Granted(long token) implements Lease {}

    /** Another makes it. */
    record Held(Duration remaining) implements Lease {}

    /** There is another entry than the asker knows. */
    record Changed() implements Lease {}
}
