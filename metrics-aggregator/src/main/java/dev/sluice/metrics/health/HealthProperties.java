package dev.sluice.metrics.health;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is well, and when somebody is told that it is not.
 *
 * @param cache thresholds of a tenant's cache
 * @param requests thresholds of a tenant's requests
 * @param alerts when a change of the verdict becomes an event
 */
@ConfigurationProperties("sluice.metrics.health")
public record HealthProperties(
        @DefaultValue Cache cache,
        @DefaultValue Requests requests,
        @DefaultValue Alerts alerts) {

    /** With the thresholds that apply where nothing is configured. */
    public static HealthProperties usual() {
        return new HealthProperties(Cache.usual(), Requests.usual(), Alerts.usual());
    }

    /**
     * Of a cache.
     *
     * @param minHitRate share of reads that are hits below which a cache is degraded
     * @param maxAverage average from which on it is degraded
     * @param maxP95 95th percentile from which on it is a warning
     */
    public record Cache(
            @DefaultValue("0.5") double minHitRate,
            @DefaultValue("50ms") Duration maxAverage,
            @DefaultValue("100ms") Duration maxP95) {
        static Cache usual() {
            return new Cache(0.5, Duration.ofMillis(50), Duration.ofMillis(100));
        }

        public Cache {
            requireShare("cache.min-hit-rate", minHitRate);
            requirePositive("cache.max-average", maxAverage);
            requirePositive("cache.max-p95", maxP95);
        }
    }

    /**
     * Of requests.
     *
     * @param slow 95th percentile above which it is a warning
     * @param verySlow 95th percentile above which they are degraded; at least {@code slow}
     * @param errors share of answers 5xx above which it is a warning
     * @param manyErrors share of answers 5xx above which they are degraded; at least {@code errors}
     */
    public record Requests(
            @DefaultValue("2s") Duration slow,
            @DefaultValue("5s") Duration verySlow,
            @DefaultValue("0.01") double errors,
            @DefaultValue("0.05") double manyErrors) {
        static Requests usual() {
            return new Requests(Duration.ofSeconds(2), Duration.ofSeconds(5), 0.01, 0.05);
        }

        public Requests {
            requirePositive("requests.slow", slow);
            requireShare("requests.errors", errors);
            requireShare("requests.many-errors", manyErrors);
            if (verySlow.compareTo(slow) < 0) {
                throw refused("requests.very-slow must be at least requests.slow: " + verySlow);
            }
            if (manyErrors < errors) {
                throw refused("requests.many-errors must be at least requests.errors: " + manyErrors);
            }
        }
    }

    /**
     * Events about changes.
     *
     * @param enabled whether there are any
     * @param every how often the figures of all tenants are looked at
     * @param window over which the figures are taken; whole minutes
     * @param hold for how long the verdict must have been another one
     * @param minSamples with fewer reads or requests in the window the verdict stays what it was
     * @param margin by which share of a threshold a figure must be better before the verdict is
     */
    public record Alerts(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("10s") Duration every,
            @DefaultValue("5m") Duration window,
            @DefaultValue("60s") Duration hold,
            @DefaultValue("100") int minSamples,
            @DefaultValue("0.1") double margin) {
        static Alerts usual() {
            return new Alerts(true, Duration.ofSeconds(10), Duration.ofMinutes(5), Duration.ofSeconds(60), 100, 0.1);
        }

        private static final double MOST_MARGIN = 0.5;

        public Alerts {
            requirePositive("alerts.every", every);
            requirePositive("alerts.window", window);
            if (window.toSecondsPart() != 0 || window.toNanosPart() != 0) {
                throw refused("alerts.window must be whole minutes: " + window);
            }
            if (hold.isNegative()) {
                throw refused("alerts.hold must not be negative: " + hold);
            }
            if (minSamples < 1) {
                throw refused("alerts.min-samples must be at least 1: " + minSamples);
            }
            if (!(margin >= 0 && margin <= MOST_MARGIN)) {
                throw refused("alerts.margin must be from 0 to 0.5: " + margin);
            }
        }
    }

    private static void requirePositive(String name, Duration value) {
        if (!value.isPositive()) {
            throw refused(name + " must be positive: " + value);
        }
    }

    private static void requireShare(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw refused(name + " must be from 0 to 1: " + value);
        }
    }

    private static IllegalArgumentException refused(String words) {
        return new IllegalArgumentException("sluice.metrics.health." + words);
    }
}
