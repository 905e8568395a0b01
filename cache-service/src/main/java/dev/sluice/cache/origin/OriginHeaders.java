package dev.sluice.cache.origin;

import dev.sluice.platform.kafka.seal.Keyring;
import dev.sluice.platform.kafka.seal.Sealed;
import dev.sluice.platform.kafka.seal.UnopenableSecretException;
import dev.sluice.record.SealedCacheHeader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Seals the headers of requests to origins and opens them again. Thread-safe. */
final class OriginHeaders {

    private final Keyring ring;

    OriginHeaders(Keyring ring) {
        this.ring = ring;
    }

    static String placeOf(String tenant, String namespace) {
        return tenant + "|" + namespace;
    }

    SealedCacheHeader seal(String place, String name, String value) {
        Sealed sealed =
                ring.seal(value.getBytes(StandardCharsets.UTF_8), placeOf(place, name.toLowerCase(Locale.ROOT)));
        return new SealedCacheHeader(sealed.keyId(), sealed.nonce(), sealed.ciphertext());
    }

    /** @throws UnopenableSecretException when one of them was sealed with a key that this node has not */
    Map<String, String> open(Origin origin) {
        Map<String, String> open = new LinkedHashMap<>();
        origin.headers()
                .forEach((name, value) -> open.put(
                        name,
                        new String(
                                ring.open(value, placeOf(origin.place(), name.toLowerCase(Locale.ROOT))),
                                StandardCharsets.UTF_8)));
        return open;
    }
}
