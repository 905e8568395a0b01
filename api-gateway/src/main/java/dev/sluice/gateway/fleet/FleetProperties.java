package dev.sluice.gateway.fleet;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How gateways know of each other.
 *
 * @param heartbeat how often each says that it is alive; the same for all
 * @param silence after how long a gateway that fell silent without a farewell is taken for dead; until then nobody can say
 *     that a change is in force everywhere
 */
@ConfigurationProperties("sluice.gateway.fleet")
record FleetProperties(
        @DefaultValue("1s") Duration heartbeat,
        @DefaultValue("15s") Duration silence) {

    FleetProperties {
        if (!heartbeat.isPositive()) {
            throw new IllegalArgumentException("sluice.gateway.fleet.heartbeat must be positive: " + heartbeat);
        }
        if (silence.compareTo(heartbeat.multipliedBy(3)) < 0) {
            throw new IllegalArgumentException(
                    "sluice.gateway.fleet.silence must be at least three heartbeats: " + silence);
        }
    }

    /** After so long every gateway has been heard once. */
    Duration settling() {
        return heartbeat.multipliedBy(2);
    }
}
