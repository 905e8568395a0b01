package dev.sluice.cache.http;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How values are taken over HTTP.
 *
 * @param maxBytesInFlight how many bytes of values may be on their way into the cache before more are refused
 */
@ConfigurationProperties("sluice.cache.http")
record CacheHttpProperties(@DefaultValue("16MB") DataSize maxBytesInFlight) {

    CacheHttpProperties {
        if (maxBytesInFlight.toBytes() < 1) {
            throw new IllegalArgumentException(
                    "sluice.cache.http.max-bytes-in-flight must be positive: " + maxBytesInFlight);
        }
    }
}
