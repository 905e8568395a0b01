package dev.sluice.gateway.stream;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What a client sends that has nothing to say: a few frames are passed over, more of them or binary ones end its stream, and
 * so does silence after pings. On one thread.
 */
final class ClientFrames {

    /** What a client sent. */
    enum Kind {
        TEXT,
        BINARY,
        PING,
        PONG
    }

    static final int MOST_IN_WINDOW = 60;

    private static final long WINDOW_NANOS = Duration.ofMinutes(1).toNanos();
    private static final int MOST_UNANSWERED = 3;
    private static final long MOST_SILENT_NANOS = Duration.ofSeconds(20).toNanos();

    private final LongSupplier nanoTime;
    private long windowBegan;
    private int inWindow;
    private int unanswered;
    private long lastHeard;

    ClientFrames(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.windowBegan = nanoTime.getAsLong();
        this.lastHeard = windowBegan;
    }

    /** Why the stream must end after this frame; empty when it goes on. */
    Optional<CloseReason> heard(Kind kind) {
        boolean awaited = kind == Kind.PONG && unanswered > 0;
        long now = nanoTime.getAsLong();
        unanswered = 0;
        lastHeard = now;
        if (kind == Kind.BINARY) {
            return Optional.of(CloseReason.BINARY_MESSAGE);
        }
        if (awaited) {
            return Optional.empty();
        }
        if (now - windowBegan >= WINDOW_NANOS) {
            windowBegan = now;
            inWindow = 0;
        }
        return ++inWindow > MOST_IN_WINDOW ? Optional.of(CloseReason.TOO_MANY_MESSAGES) : Optional.empty();
    }

    /** A ping is about to be sent; why the stream must end instead, when too many went unanswered. */
    Optional<CloseReason> pinging() {
        boolean silent = nanoTime.getAsLong() - lastHeard > MOST_SILENT_NANOS;
        return ++unanswered > MOST_UNANSWERED && silent ? Optional.of(CloseReason.UNRESPONSIVE) : Optional.empty();
    }
}
