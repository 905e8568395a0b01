package dev.sluice.cache.origin;

import dev.sluice.cache.engine.LoadPatience;
import dev.sluice.platform.kafka.seal.Sealed;
import dev.sluice.record.CacheNamespace;
import dev.sluice.record.CacheOrigin;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where the values of a namespace come from. Its headers stay sealed until a request is made.
 *
 * @param place what the headers belong to
 * @param url with {@code {key}} in the place of the key
 * @param headers sealed values by their names
 * @param patience how long a read waits for a value
 */
public record Origin(String place, String url, Map<String, Sealed> headers, LoadPatience patience) {

    public Origin {
        headers = Map.copyOf(headers);
    }

    public static Origin of(CacheNamespace namespace, CacheOrigin record) {
        Map<String, Sealed> headers = new LinkedHashMap<>();
        record.getHeaders()
                .forEach((name, value) ->
                        headers.put(name, new Sealed(value.getKeyId(), value.getNonce(), value.getCiphertext())));
        return new Origin(
                OriginHeaders.placeOf(namespace.getTenant(), namespace.getName()),
                record.getUrl(),
                headers,
                new LoadPatience(
                        Duration.ofMillis(record.getSoftTimeoutMillis()),
                        Duration.ofMillis(record.getHardTimeoutMillis())));
    }
}
