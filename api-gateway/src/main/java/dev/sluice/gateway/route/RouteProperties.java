package dev.sluice.gateway.route;

import dev.sluice.platform.kafka.seal.SealingKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.SecretKey;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The routes that a gateway starts with, and how it keeps those of the API.
 *
 * @param file path of a YAML file with the list {@code routes}; none when empty
 * @param keys seal the credentials that routes set, the current key first, then those that older ones were sealed with; a
 *     key made from {@code sluice.internal.secret} is always the last of them, and the only one when none is given
 */
@ConfigurationProperties("sluice.gateway.routes")
record RouteProperties(
        @DefaultValue("") String file, @DefaultValue List<SealingKey> keys) {

    private static final String KEYS = "sluice.gateway.routes.keys";
    private static final String DERIVED = "internal";

    Optional<String> fileIfGiven() {
        return file.isBlank() ? Optional.empty() : Optional.of(file);
    }

    Map<String, SecretKey> sealingKeys(String internalSecret) {
        Map<String, SecretKey> byId = SealingKey.byId(KEYS, keys);
        if (byId.putIfAbsent(DERIVED, SealingKey.derive(internalSecret, "credentials that routes set")) != null) {
            throw new IllegalStateException(KEYS + " must not use the id " + DERIVED);
        }
        return byId;
    }
}
