package dev.sluice.gateway.forward;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How requests are passed to the services.
 *
 * @param connectTimeout how long a connection may take to be made
 * @param responseTimeout how long a service may be silent once it has the request
 * @param maxConnections most connections to each service
 * @param maxWaiting most requests that wait for a connection to one service; more are refused
 * @param maxWaitingTime how long a request may wait for a connection
 * @param maxIdleTime how long a connection is kept unused; shorter than the services' own idle timeout
 */
@ConfigurationProperties("sluice.gateway.forward")
record ForwardProperties(
        @DefaultValue("1s") Duration connectTimeout,
        @DefaultValue("10s") Duration responseTimeout,
        @DefaultValue("200") int maxConnections,
        @DefaultValue("1000") int maxWaiting,
        @DefaultValue("1s") Duration maxWaitingTime,
        @DefaultValue("5s") Duration maxIdleTime) {

    ForwardProperties {
        requirePositive("connect-timeout", connectTimeout);
        requirePositive("response-timeout", responseTimeout);
        requirePositive("max-waiting-time", maxWaitingTime);
        requirePositive("max-idle-time", maxIdleTime);
        if (maxConnections < 1) {
            throw new IllegalArgumentException(
                    "sluice.gateway.forward.max-connections must be at least 1: " + maxConnections);
        }
        if (maxWaiting < 1) {
            throw new IllegalArgumentException("sluice.gateway.forward.max-waiting must be at least 1: " + maxWaiting);
        }
    }

    private static void requirePositive(String name, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException("sluice.gateway.forward." + name + " must be positive: " + value);
        }
    }
}
