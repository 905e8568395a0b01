package dev.sluice.gateway.forward;

import java.net.URI;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the services are: base URLs, with scheme, host and port alone.
 *
 * @param cache base URL of cache-service
 * @param webhooks base URL of webhook-dispatcher
 * @param metrics base URL of metrics-aggregator
 */
@ConfigurationProperties("sluice.gateway.services")
record ServiceProperties(
        @DefaultValue("http://127.0.0.1:8081") URI cache,
        @DefaultValue("http://127.0.0.1:8082") URI webhooks,
        @DefaultValue("http://127.0.0.1:8083") URI metrics) {

    ServiceProperties {
        requireBase("cache", cache);
        requireBase("webhooks", webhooks);
        requireBase("metrics", metrics);
    }

    /** Scheme, host and port, without a slash at the end. */
    String baseOf(InternalService service) {
        URI uri = switch (service) {
            case CACHE -> cache;
            case WEBHOOKS -> webhooks;
            case METRICS -> metrics;
        };
        return uri.getScheme() + "://" + uri.getRawAuthority();
    }

    private static void requireBase(String name, URI uri) {
        boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        boolean bare = uri.getRawUserInfo() == null
                && uri.getRawQuery() == null
                && uri.getRawFragment() == null
                && (uri.getRawPath() == null || uri.getRawPath().matches("/?"));
        if (!http || uri.getHost() == null || !bare) {
            throw new IllegalArgumentException("sluice.gateway.services." + name
                    + " must be a base URL such as http://127.0.0.1:8081, without a path: " + uri);
        }
    }
}
