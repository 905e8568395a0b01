package dev.sluice.gateway.access;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is told of requests.
 *
 * @param serverTiming who is told in Server-Timing where the time went: authenticated callers, or nobody
 * @param slow after how long without the beginning of an answer a request counts as slow; ascending, each a series of the
 *     counter
 * @param slowWarningsPerSecond how many slow requests a second have a line in the log; the others are only counted
 */
@ConfigurationProperties("sluice.gateway.access")
record AccessProperties(
        @DefaultValue("authenticated") Audience serverTiming,
        @DefaultValue({"1s", "2s", "5s"}) List<Duration> slow,
        @DefaultValue("10") int slowWarningsPerSecond) {

    /** More would be a histogram. */
    private static final int MOST_MARKS = 10;

    /** Who is told. */
    enum Audience {
        NOBODY,
        /** Callers whose credential was accepted: strangers learn nothing from how long a refusal took. */
        AUTHENTICATED
    }

    AccessProperties {
        slow = List.copyOf(slow);
        if (slow.size() > MOST_MARKS) {
            throw new IllegalArgumentException(
                    "sluice.gateway.access.slow must have at most " + MOST_MARKS + ": " + slow);
        }
        Duration before = Duration.ZERO;
        for (Duration mark : slow) {
            if (mark.compareTo(before) <= 0) {
                throw new IllegalArgumentException("sluice.gateway.access.slow must be positive and ascend: " + slow);
            }
            before = mark;
        }
        if (slowWarningsPerSecond < 0) {
            throw new IllegalArgumentException(
                    "sluice.gateway.access.slow-warnings-per-second must not be negative: " + slowWarningsPerSecond);
        }
    }
}
