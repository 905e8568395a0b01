package dev.sluice.metrics.collector;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The collector said no. */
public final class RefusedException extends RuntimeException {
    /** It wants less. */
    public static final int TOO_MANY = 429;

    private static final long serialVersionUID = 1;

    private final int status;
    private final @Nullable Duration retryAfter;

    RefusedException(int status, @Nullable Duration retryAfter) {
        super("it answered " + status);
        this.status = status;
        this.retryAfter = retryAfter;
    }

    public int status() {
        return status;
    }

    /** How long it wants to be left alone, if it says so. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
