package dev.sluice.metrics.topology;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the windows are.
 *
 * @param grace how long a one-minute window takes reads past its end; later reads are dropped and counted
 * @param retention how long windows can be queried; at least a day and the grace
 * @param clockTolerance how far ahead of ours a producer's clock may run before its time is replaced by now
 */
@ConfigurationProperties("sluice.metrics.topology")
public record TopologyProperties(
        @DefaultValue("5m") Duration grace,
        @DefaultValue("25h") Duration retention,
        @DefaultValue("1m") Duration clockTolerance) {
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final Duration LONGEST_QUERY = Duration.ofHours(24);

    public TopologyProperties {
        if (retention.compareTo(LONGEST_QUERY.plus(WINDOW).plus(grace)) < 0) {
            throw new IllegalArgumentException(
                    "retention must be at least 24 h, one minute and the grace, so that a day can be queried: "
                            + retention);
        }
        if (clockTolerance.compareTo(grace) > 0) {
            throw new IllegalArgumentException(
                    "clockTolerance must not exceed the grace, or one fast clock makes everyone late: "
                            + clockTolerance);
        }
    }

    public EventTime eventTime() {
        return new EventTime(clockTolerance);
    }

    CacheWindows windows() {
        return new CacheWindows(WINDOW, grace, retention);
    }
}
