package dev.sluice.cache.engine;

import java.time.Duration;

/**
 * How much a sweep does at a time, and how long it leaves Redis to others afterwards.
 *
 * <p>Whoever else asks Redis waits behind a bite, so a bite that took long is followed by smaller ones, and by a rest that is so
 * much longer: on whatever machine, and however busy it is, the sweep takes the same small part of it. The size grows by one
 * and shrinks by half, which is how senders on a shared line come to share it (Chiu and Jain, 1989). Pure; not thread-safe.
 */
final class SweepPace {

    static final int MIN_BITE = 4;
    static final int MAX_BITE = 16;

    /** A bite that took longer was too large, or Redis has other work. */
    static final Duration LONG = Duration.ofMillis(1);

    /** A rest is so many times as long as what it follows. */
    static final int REST = 4;

    /** Keeps a hiccup of seconds from being a rest of many. */
    static final Duration MAX_REST = Duration.ofMillis(50);

    private int bite = MIN_BITE;

    /** How many entries to handle at once, next. */
    int bite() {
        return bite;
    }

    /** How long to rest after the last bite, of the size that was asked for. */
    Duration restAfter(Duration took) {
        bite = took.compareTo(LONG) > 0 ? Math.max(MIN_BITE, bite / 2) : Math.min(MAX_BITE, bite + 1);
        Duration rest = took.multipliedBy(REST);
        return rest.compareTo(MAX_REST) > 0 ? MAX_REST : rest;
    }
}
