package dev.sluice.gateway.address;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who stands before the gateway.
 *
 * @param trustedProxies addresses and CIDR blocks, such as 10.0.0.0/8, of the proxies whose Forwarded and X-Forwarded-
 *     headers are believed; none by default
 */
@ConfigurationProperties("sluice.gateway")
record AddressProperties(@DefaultValue List<String> trustedProxies) {

    AddressProperties {
        trustedProxies = List.copyOf(trustedProxies);
        for (String range : trustedProxies) {
            try {
                AddressRange.parse(range);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "sluice.gateway.trusted-proxies must be addresses or blocks such as 10.0.0.0/8: " + range, e);
            }
        }
    }
}
