package dev.sluice.gateway.apikey;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The API keys.
 *
 * @param bootstrapAdmin a key in full, {@code slk_…}, that is made an admin key at start when it is not known yet; empty
 *     for none. A secret: give it by environment (SLUICE_GATEWAY_APIKEY_BOOTSTRAPADMIN)
 * @param lastUsedInterval how often it is written down for all gateways when keys were last used
 */
@ConfigurationProperties("sluice.gateway.api-key")
record ApiKeyProperties(
        @DefaultValue("") String bootstrapAdmin,
        @DefaultValue("10s") Duration lastUsedInterval) {

    ApiKeyProperties {
        if (!bootstrapAdmin.isEmpty() && ApiKeyText.parse(bootstrapAdmin).isEmpty()) {
            throw new IllegalArgumentException("sluice.gateway.api-key.bootstrap-admin is not an API key: give one as"
                    + " slk_<live|test>_<id>_<secret and checksum>, as ./sluice env makes it, or leave it empty");
        }
        if (!lastUsedInterval.isPositive()) {
            throw new IllegalArgumentException(
                    "sluice.gateway.api-key.last-used-interval must be positive: " + lastUsedInterval);
        }
    }

    @Override
    public String toString() {
        return "ApiKeyProperties[bootstrapAdmin=" + (bootstrapAdmin.isEmpty() ? "none" : "given")
                + ", lastUsedInterval=" + lastUsedInterval + "]";
    }
}
