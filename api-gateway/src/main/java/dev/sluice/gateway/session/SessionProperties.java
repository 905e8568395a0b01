package dev.sluice.gateway.session;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How sessions are kept.
 *
 * @param idle how long a session may go unused, unless its maker says otherwise
 * @param life after how long it ends however much it is used, unless its maker says otherwise
 * @param maxLife the longest that its maker may say
 * @param maxPerUser how many a user may have; one more ends the oldest
 * @param maxAttributes the largest attributes, as JSON
 * @param deadline how long Redis may take before the answer is 503
 */
@ConfigurationProperties("sluice.gateway.session")
record SessionProperties(
        @DefaultValue("30m") Duration idle,
        @DefaultValue("12h") Duration life,
        @DefaultValue("30d") Duration maxLife,
        @DefaultValue("10") int maxPerUser,
        @DefaultValue("4KB") DataSize maxAttributes,
        @DefaultValue("500ms") Duration deadline) {

    private static final String PREFIX = "sluice.gateway.session.";

    /** A user's sessions are one value of Redis, and some steps read all of it. */
    private static final int MOST_PER_USER = 100;

    SessionProperties {
        requireSeconds("idle", idle);
        requireSeconds("life", life);
        if (idle.compareTo(life) > 0) {
            throw new IllegalArgumentException(PREFIX + "idle must not be longer than life: " + idle);
        }
        if (life.compareTo(maxLife) > 0) {
            throw new IllegalArgumentException(PREFIX + "max-life must not be shorter than life: " + maxLife);
        }
        if (maxPerUser < 1 || maxPerUser > MOST_PER_USER) {
            throw new IllegalArgumentException(
                    PREFIX + "max-per-user must be 1 to " + MOST_PER_USER + ": " + maxPerUser);
        }
        if (maxAttributes.toBytes() < 2 || maxAttributes.compareTo(DataSize.ofKilobytes(64)) > 0) {
            throw new IllegalArgumentException(PREFIX + "max-attributes must be 2 B to 64 KB: " + maxAttributes);
        }
        if (!deadline.isPositive()) {
            throw new IllegalArgumentException(PREFIX + "deadline must be positive: " + deadline);
        }
    }

    private static void requireSeconds(String name, Duration value) {
        if (value.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException(PREFIX + name + " must be at least 1s: " + value);
        }
    }
}
