package dev.sluice.cache.origin;

import dev.sluice.platform.web.egress.AddedHeaders;
import dev.sluice.record.CacheOrigin;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** An origin as the API shows it: of headers, the names alone. */
public record OriginView(String url, Map<String, String> headers, Duration softTimeout, Duration hardTimeout) {

    public static OriginView of(CacheOrigin record) {
        Map<String, String> masked = new TreeMap<>();
        record.getHeaders().keySet().forEach(name -> masked.put(name, AddedHeaders.MASK));
        return new OriginView(
                record.getUrl(),
                masked,
                Duration.ofMillis(record.getSoftTimeoutMillis()),
                Duration.ofMillis(record.getHardTimeoutMillis()));
    }
}
