package dev.sluice.platform.web;

import java.nio.charset.StandardCharsets;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the services share among themselves.
 *
 * @param secret signs identities from the gateway to the services; the same for all, at least 32 bytes, no default
 */
@ConfigurationProperties("sluice.internal")
public record InternalProperties(@DefaultValue("") String secret) {

    private static final int MIN_BYTES = 32;

    public InternalProperties {
        if (secret.getBytes(StandardCharsets.UTF_8).length < MIN_BYTES) {
            throw new IllegalArgumentException(
                    "sluice.internal.secret must be set to the same value, of at least 32 bytes, for the gateway and every service");
        }
    }

    @Override
    public String toString() {
        return "InternalProperties[secret=***]";
    }
}
