package dev.sluice.webhook.egress;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where webhooks may go and how long an answer may take.
 *
 * @param allowCidrs blocks that are allowed although they are not public, http included; for development only
 * @param denyCidrs blocks that are denied although they are public or allowed, such as this network's own public addresses
 * @param allowPorts ports that URLs may name
 * @param ownHosts names under which this platform is reached; webhooks to itself would loop
 * @param connectTimeout longest wait for a connection, and again for TLS
 * @param responseTimeout longest wait for the next byte of an answer
 * @param totalTimeout longest time for a whole attempt
 * @param maxConnectionsPerHost most connections to one host at once
 */
@ConfigurationProperties("sluice.webhook.egress")
record EgressProperties(
        @DefaultValue List<String> allowCidrs,
        @DefaultValue List<String> denyCidrs,
        @DefaultValue({"443", "8443"}) Set<Integer> allowPorts,
        @DefaultValue Set<String> ownHosts,
        @DefaultValue("5s") Duration connectTimeout,
        @DefaultValue("15s") Duration responseTimeout,
        @DefaultValue("20s") Duration totalTimeout,
        @DefaultValue("20") int maxConnectionsPerHost) {

    EgressProperties {
        requirePositive("connect-timeout", connectTimeout);
        requirePositive("response-timeout", responseTimeout);
        requirePositive("total-timeout", totalTimeout);
        if (allowPorts.isEmpty() || allowPorts.stream().anyMatch(port -> port < 1 || port > 65_535)) {
            throw new IllegalArgumentException(
                    "sluice.webhook.egress.allow-ports must name ports from 1 to 65535: " + allowPorts);
        }
        if (maxConnectionsPerHost < 1) {
            throw new IllegalArgumentException(
                    "sluice.webhook.egress.max-connections-per-host must be at least 1: " + maxConnectionsPerHost);
        }
    }

    /** Zero would mean no limit to the client. */
    private static void requirePositive(String property, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException("sluice.webhook.egress." + property + " must be positive: " + value);
        }
    }
}
