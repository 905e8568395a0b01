package dev.sluice.gateway.auth;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How wrong API keys are met.
 *
 * @param wrongKeysPerMinute how many wrong keys a client's address may present in a minute before it is answered 429;
 *     valid keys are never held up. 0 for as many as it likes
 * @param maxAddresses of how many addresses that presented wrong keys lately the counts are kept
 */
@ConfigurationProperties("sluice.gateway.auth")
record AuthProperties(
        @DefaultValue("10") int wrongKeysPerMinute,
        @DefaultValue("100000") int maxAddresses) {

    AuthProperties {
        if (wrongKeysPerMinute < 0) {
            throw new IllegalArgumentException(
                    "sluice.gateway.auth.wrong-keys-per-minute must be at least 0: " + wrongKeysPerMinute);
        }
        if (maxAddresses < 1) {
            throw new IllegalArgumentException("sluice.gateway.auth.max-addresses must be at least 1: " + maxAddresses);
        }
    }
}
