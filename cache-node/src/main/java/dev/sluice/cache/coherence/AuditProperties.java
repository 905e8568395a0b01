package dev.sluice.cache.coherence;

import dev.sluice.cache.engine.AuditSettings;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How this node measures whether its copies are what Redis has.
 *
 * @param perSecond how many copies are held against Redis each second, at most 1000; 0 for none
 * @param propagation how long a change may take to reach this node; a copy that differs for longer is counted as wrong and removed
 */
@ConfigurationProperties("sluice.cache.audit")
record AuditProperties(
        @DefaultValue("50") int perSecond,
        @DefaultValue("3s") Duration propagation) {

    AuditProperties {
        if (perSecond < 0 || perSecond > AuditSettings.MAX_PER_SECOND) {
            throw new IllegalArgumentException(
                    "sluice.cache.audit.per-second must be 0 to " + AuditSettings.MAX_PER_SECOND + ": " + perSecond);
        }
        if (!propagation.isPositive()) {
            throw new IllegalArgumentException("sluice.cache.audit.propagation must be positive: " + propagation);
        }
    }

    AuditSettings settings() {
        return new AuditSettings(perSecond, propagation);
    }
}
