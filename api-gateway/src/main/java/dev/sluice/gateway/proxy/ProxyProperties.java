package dev.sluice.gateway.proxy;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How requests are passed to customers' upstreams; what differs from route to route stands in the route.
 *
 * @param maxWaiting most requests that wait for a connection to one target; more are refused
 * @param maxWaitingTime how long a request may wait for a connection
 * @param maxIdleTime how long a connection is kept unused; shorter than the upstreams' own idle timeout
 * @param maxAnswerHeaders all headers of an answer together
 * @param maxFrame the largest WebSocket frame, either way
 * @param maxMeteredRoutes of how many routes the metrics tell apart; the others are counted together
 */
@ConfigurationProperties("sluice.gateway.proxy")
record ProxyProperties(
        @DefaultValue("100") int maxWaiting,
        @DefaultValue("1s") Duration maxWaitingTime,
        @DefaultValue("4s") Duration maxIdleTime,
        @DefaultValue("32KB") DataSize maxAnswerHeaders,
        @DefaultValue("64KB") DataSize maxFrame,
        @DefaultValue("200") int maxMeteredRoutes) {

    private static final String PREFIX = "sluice.gateway.proxy.";

    ProxyProperties {
        requirePositive("max-waiting", maxWaiting);
        requirePositive("max-waiting-time", maxWaitingTime.toMillis());
        requirePositive("max-idle-time", maxIdleTime.toMillis());
        requirePositive("max-answer-headers", maxAnswerHeaders.toBytes());
        requirePositive("max-frame", maxFrame.toBytes());
        requirePositive("max-metered-routes", maxMeteredRoutes);
    }

    private static void requirePositive(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(PREFIX + name + " must be positive: " + value);
        }
    }
}
