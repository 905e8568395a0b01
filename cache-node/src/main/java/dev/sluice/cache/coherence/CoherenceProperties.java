package dev.sluice.cache.coherence;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How nodes stay coherent.
 *
 * @param ackTimeout how long the log may take to confirm that a write is announced
 * @param maxLag how far this node may be behind the log before it stops answering from its own first level
 */
@ConfigurationProperties("sluice.cache.coherence")
record CoherenceProperties(
        @DefaultValue("3s") Duration ackTimeout,
        @DefaultValue("2s") Duration maxLag) {

    CoherenceProperties {
        requirePositive("ack-timeout", ackTimeout);
        requirePositive("max-lag", maxLag);
    }

    private static void requirePositive(String name, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException("sluice.cache.coherence." + name + " must be positive: " + value);
        }
    }
}
