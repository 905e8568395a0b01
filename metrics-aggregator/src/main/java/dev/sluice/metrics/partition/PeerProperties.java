package dev.sluice.metrics.partition;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How instances ask each other for the partitions that they have.
 *
 * @param connectTimeout how long a connection to another instance may take to be made
 * @param responseTimeout how long another instance may be silent once it was asked
 * @param deadline how long all of them together may take, tries included, before the caller is told to come back
 * @param staleRecords most records that a copy may be behind which answers while an instance cannot be asked for its windows
 */
@ConfigurationProperties("sluice.metrics.peers")
public record PeerProperties(
        @DefaultValue("500ms") Duration connectTimeout,
        @DefaultValue("2s") Duration responseTimeout,
        @DefaultValue("4s") Duration deadline,
        @DefaultValue("10000") long staleRecords) {
    public PeerProperties {
        require("connect-timeout", connectTimeout);
        require("response-timeout", responseTimeout);
        require("deadline", deadline);
        if (staleRecords < 0) {
            throw new IllegalArgumentException(
                    "sluice.metrics.peers.stale-records must not be negative: " + staleRecords);
        }
    }

    private static void require(String name, Duration duration) {
        if (!duration.isPositive()) {
            throw new IllegalArgumentException("sluice.metrics.peers." + name + " must be positive: " + duration);
        }
    }
}
