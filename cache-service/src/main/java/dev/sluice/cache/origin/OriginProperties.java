package dev.sluice.cache.origin;

import dev.sluice.platform.kafka.seal.SealingKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.crypto.SecretKey;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where values of read-through namespaces may be loaded from.
 *
 * @param keys seal the headers of requests to origins, the current key first, then those that older ones were sealed with; a key made
 *     from {@code sluice.internal.secret} is always the last of them, and the only one when none is given
 * @param allowCidrs blocks that are allowed although they are not public, http included; for development only
 * @param allowPorts ports that URLs may name
 * @param ownHosts names under which this platform is reached; an origin there would ask for itself
 * @param connectTimeout longest wait for a connection, and again for TLS
 * @param maxConnectionsPerHost most connections of a node to one host at once
 */
@ConfigurationProperties("sluice.cache.origin")
record OriginProperties(
        @DefaultValue List<SealingKey> keys,
        @DefaultValue List<String> allowCidrs,
        @DefaultValue({"443", "8443"}) Set<Integer> allowPorts,
        @DefaultValue Set<String> ownHosts,
        @DefaultValue("2s") Duration connectTimeout,
        @DefaultValue("50") int maxConnectionsPerHost) {

    private static final String KEYS = "sluice.cache.origin.keys";
    private static final String DERIVED = "internal";

    OriginProperties {
        if (allowPorts.isEmpty() || allowPorts.stream().anyMatch(port -> port < 1 || port > 65_535)) {
            throw new IllegalArgumentException(
                    "sluice.cache.origin.allow-ports must name ports from 1 to 65535: " + allowPorts);
        }
        if (!connectTimeout.isPositive()) {
            throw new IllegalArgumentException(
                    "sluice.cache.origin.connect-timeout must be positive: " + connectTimeout);
        }
        if (maxConnectionsPerHost < 1) {
            throw new IllegalArgumentException(
                    "sluice.cache.origin.max-connections-per-host must be at least 1: " + maxConnectionsPerHost);
        }
    }

    Map<String, SecretKey> sealingKeys(String internalSecret) {
        Map<String, SecretKey> byId = SealingKey.byId(KEYS, keys);
        if (byId.putIfAbsent(DERIVED, SealingKey.derive(internalSecret, "headers for origins of the cache")) != null) {
            throw new IllegalStateException(KEYS + " must not use the id " + DERIVED);
        }
        return byId;
    }
}
