package dev.sluice.metrics.alert;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When what is unusual becomes an event.
 *
 * @param enabled whether it ever does
 * @param every how often the namespaces and routes of all tenants are looked at
 * @param hold for how long it must have been unusual, or usual again, without a break
 * @param margin by which part of what is tolerated a figure must be inside before it is usual again; from 0 to 0.9
 * @param perTenant of each tenant so many namespaces and so many routes are watched, those with the most reads or requests
 * @param inAll of all tenants together so many of each are watched
 * @param standing so many anomalies of a tenant are told at a time; further ones once others have ended
 */
@ConfigurationProperties("sluice.metrics.anomalies")
record AnomalyProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("2m") Duration every,
        @DefaultValue("10m") Duration hold,
        @DefaultValue("0.25") double margin,
        @DefaultValue("50") int perTenant,
        @DefaultValue("2000") int inAll,
        @DefaultValue("20") int standing) {

    private static final double MOST_MARGIN = 0.9;

    AnomalyProperties {
        require(every.isPositive(), "every must be positive: " + every);
        require(!hold.isNegative(), "hold must not be negative: " + hold);
        require(margin >= 0 && margin <= MOST_MARGIN, "margin must be from 0 to 0.9: " + margin);
        require(perTenant >= 1, "per-tenant must be at least 1: " + perTenant);
        require(inAll >= perTenant, "in-all must be at least per-tenant: " + inAll);
        require(standing >= 1, "standing must be at least 1: " + standing);
    }

    private static void require(boolean holds, String words) {
        if (!holds) {
            throw new IllegalArgumentException("sluice.metrics.anomalies." + words);
        }
    }
}
