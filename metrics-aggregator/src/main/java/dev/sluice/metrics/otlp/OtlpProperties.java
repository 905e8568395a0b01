package dev.sluice.metrics.otlp;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where spans are handed on.
 *
 * @param endpoint base URL of a collector, such as http://127.0.0.1:4318; spans go to {@code /v1/traces} below it. Without one
 *     nothing is handed on; usually {@code OTEL_EXPORTER_OTLP_ENDPOINT}
 * @param headers sent along, as {@code name=value,name=value}; usually {@code OTEL_EXPORTER_OTLP_HEADERS}
 * @param timeout how long the collector may take for a batch, tries included
 */
@ConfigurationProperties("sluice.metrics.otlp")
record OtlpProperties(
        @Nullable String endpoint,
        @DefaultValue("") String headers,
        @DefaultValue("10s") Duration timeout) {

    private static final String PATH = "/v1/traces";

    OtlpProperties {
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("sluice.metrics.otlp.timeout must be positive: " + timeout);
        }
        urlOf(endpoint);
        headersOf(headers);
    }

    /** Where spans go; empty when they are not handed on. */
    Optional<URI> traces() {
        return urlOf(endpoint);
    }

    Map<String, String> headerValues() {
        return headersOf(headers);
    }

    private static Optional<URI> urlOf(@Nullable String base) {
        if (base == null || base.isBlank()) {
            return Optional.empty();
        }
        URI url = URI.create(base.endsWith("/") ? base.substring(0, base.length() - 1) + PATH : base + PATH);
        if (url.getHost() == null || !("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
            throw new IllegalArgumentException(
                    "sluice.metrics.otlp.endpoint must be a base URL such as http://127.0.0.1:4318: " + base);
        }
        return Optional.of(url);
    }

    /** Values are often secrets, so none is in a message. */
    private static Map<String, String> headersOf(String text) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String header : text.isBlank() ? new String[0] : text.split(",", -1)) {
            int equals = header.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("sluice.metrics.otlp.headers must be name=value,name=value");
            }
            headers.put(
                    header.substring(0, equals).strip(),
                    header.substring(equals + 1).strip());
        }
        return headers;
    }

    @Override
    public String toString() {
        return "OtlpProperties[endpoint=" + endpoint + ", headers=***, timeout=" + timeout + "]";
    }
}
