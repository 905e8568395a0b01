package dev.sluice.gateway.job;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Jobs.
 *
 * @param maxPerTenant most jobs that are remembered of one tenant; the oldest that are over make room. Every gateway holds
 *     them in memory
 */
@ConfigurationProperties("sluice.gateway.jobs")
record JobProperties(@DefaultValue("200") int maxPerTenant) {

    JobProperties {
        if (maxPerTenant < 1) {
            throw new IllegalArgumentException(
                    "sluice.gateway.jobs.max-per-tenant must be at least 1: " + maxPerTenant);
        }
    }
}
