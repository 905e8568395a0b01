package dev.sluice.gateway.ratelimit;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How limits are held.
 *
 * @param patience how long Redis may be silent before it is taken for lost and this gateway decides alone; no
 *     request waits for longer after its last word
 * @param deadline how long a request may wait for Redis while Redis answers others
 * @param gateways how many gateways there are at least; as many as are known to be alive, when those are more. Without
 *     Redis, each admits its part of a limit
 * @param grace for how long after Redis lost its counts all gateways may tell it what they know, before they ask it again
 * @param leaseFrom from how many cost units on a limit is spent out of leases; smaller ones cost a Redis call for each
 *     request
 * @param breakerFailures after how many failures in a row Redis is left alone
 * @param breakerPause how often a Redis that is left alone is looked after, in the background
 * @param warningPercent how many percent of a quota a tenant may use before the event quota.warning tells it
 * @param anonymousTier name of the tier that callers without a key are held to, each address by itself; empty for no
 *     limit
 * @param maxLocalTenants for how many tenants and addresses this gateway keeps counts of its own
 */
@ConfigurationProperties("sluice.gateway.ratelimit")
record RateLimitProperties(
        @DefaultValue("5ms") Duration patience,
        @DefaultValue("100ms") Duration deadline,
        @DefaultValue("1") int gateways,
        @DefaultValue("3s") Duration grace,
        @DefaultValue("1000") int leaseFrom,
        @DefaultValue("3") int breakerFailures,
        @DefaultValue("100ms") Duration breakerPause,
        @DefaultValue("80") int warningPercent,
        @DefaultValue("anonymous") String anonymousTier,
        @DefaultValue("100000") int maxLocalTenants) {

    RateLimitProperties {
        requirePositive("patience", patience);
        requirePositive("deadline", deadline);
        if (deadline.compareTo(patience) < 0) {
            throw new IllegalArgumentException(
                    "sluice.gateway.ratelimit.deadline must be at least as long as the patience: " + deadline);
        }
        requirePositive("gateways", gateways);
        requirePositive("grace", grace);
        requirePositive("lease-from", leaseFrom);
        requirePositive("breaker-failures", breakerFailures);
        requirePositive("breaker-pause", breakerPause);
        if (warningPercent < 1 || warningPercent > 100) {
            throw new IllegalArgumentException(
                    "sluice.gateway.ratelimit.warning-percent must be from 1 to 100: " + warningPercent);
        }
        requirePositive("max-local-tenants", maxLocalTenants);
    }

    private static void requirePositive(String name, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException("sluice.gateway.ratelimit." + name + " must be positive: " + value);
        }
    }

    private static void requirePositive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("sluice.gateway.ratelimit." + name + " must be at least 1: " + value);
        }
    }
}
