package dev.sluice.metrics.query;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Streams of windows as they end.
 *
 * @param longest how long a stream lasts before its client has to come again, and its key is looked at anew
 * @param heartbeat how long a stream may be silent; shorter than the gateway's patience with a service
 * @param slowReader how long a client may take nothing before it is cut off
 * @param perTenant most streams of a tenant at one instance
 * @param inAll most streams of all tenants at one instance
 */
@ConfigurationProperties("sluice.metrics.live")
record LiveProperties(
        @DefaultValue("60s") Duration longest,
        @DefaultValue("4s") Duration heartbeat,
        @DefaultValue("20s") Duration slowReader,
        @DefaultValue("20") int perTenant,
        @DefaultValue("500") int inAll) {
    LiveProperties {
        requirePositive("longest", longest);
        requirePositive("heartbeat", heartbeat);
        requirePositive("slow-reader", slowReader);
        if (perTenant < 1) {
            throw new IllegalArgumentException("sluice.metrics.live.per-tenant must be at least 1: " + perTenant);
        }
        if (inAll < perTenant) {
            throw new IllegalArgumentException("sluice.metrics.live.in-all must be at least per-tenant: " + inAll);
        }
    }

    private static void requirePositive(String name, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException("sluice.metrics.live." + name + " must be positive: " + value);
        }
    }
}
