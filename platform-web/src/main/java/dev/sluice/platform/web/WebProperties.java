package dev.sluice.platform.web;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How a service answers HTTP.
 *
 * @param internal whether only requests signed by the gateway are answered
 * @param maxBodySize the largest request body, but for those of routes, which say it themselves
 * @param idleTimeout how long a connection may stand without a request, or with half of a request's head
 * @param readTimeout how long a client may pause within a body
 * @param bodyTimeout how long a client may take for a body that is read whole before it is handled
 * @param requestTimeout how long a client may take for a whole request, with a body that is passed on as it comes
 * @param maxRequestLine the longest request line
 * @param maxHeaders all request headers together
 * @param streamedPaths paths that read a body as it comes, so that it may be larger than max-body-size
 */
@ConfigurationProperties("sluice.web")
public record WebProperties(
        @DefaultValue("false") boolean internal,
        @DefaultValue("256KB") DataSize maxBodySize,
        @DefaultValue("10s") Duration idleTimeout,
        @DefaultValue("5s") Duration readTimeout,
        @DefaultValue("10s") Duration bodyTimeout,
        @DefaultValue("5m") Duration requestTimeout,
        @DefaultValue("4KB") DataSize maxRequestLine,
        @DefaultValue("8KB") DataSize maxHeaders,
        @DefaultValue List<String> streamedPaths) {

    public WebProperties {
        streamedPaths = List.copyOf(streamedPaths);
        if (maxBodySize.toBytes() < 1) {
            throw new IllegalArgumentException("sluice.web.max-body-size must be positive: " + maxBodySize);
        }
    }
}
