package dev.sluice.gateway.route;

import dev.sluice.platform.kafka.seal.Keyring;
import dev.sluice.platform.kafka.seal.Sealed;
import dev.sluice.platform.kafka.seal.UnopenableSecretException;
import dev.sluice.record.RouteHeaderEdits;
import dev.sluice.record.RouteHeaderTest;
import dev.sluice.record.SealedHeaderValue;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Seals the credentials among the headers that a route sets or asks for, and opens them again. Thread-safe. */
final class HeaderSeal {

    private static final String SET = "set";
    private static final String ADD = "add";
    private static final String MATCH = "match";

    private final Keyring ring;

    HeaderSeal(Keyring ring) {
        this.ring = ring;
    }

    RouteHeaderEdits seal(String routeId, HeaderEdits edits) {
        RouteHeaderEdits sealed = plain(edits);
        sealed.setSet(new HashMap<>(edits.set()));
        sealed.setAdd(new HashMap<>(edits.add()));
        move(routeId, SET, sealed.getSet(), sealed.getSealedSet());
        move(routeId, ADD, sealed.getAdd(), sealed.getSealedAdd());
        return sealed;
    }

    HeaderEdits open(String routeId, RouteHeaderEdits edits) {
        return new HeaderEdits(
                opened(routeId, SET, edits.getSet(), edits.getSealedSet()),
                opened(routeId, ADD, edits.getAdd(), edits.getSealedAdd()),
                new HashSet<>(edits.getRemove()));
    }

    RouteHeaderTest seal(String routeId, HeaderTest test) {
        if (!SecretHeaders.isSecret(test)) {
            return new RouteHeaderTest(test.name(), test.value().orElse(null), null);
        }
        SealedHeaderValue sealed =
                seal(placeOf(routeId, MATCH, test.name()), test.value().orElseThrow());
        // For gateways that know of no sealed values: to them, none at all would be a header that may be anything.
        String unmatched =
                Base64.getEncoder().encodeToString(sealed.getCiphertext().array());
        return new RouteHeaderTest(test.name(), unmatched, sealed);
    }

    HeaderTest open(String routeId, RouteHeaderTest test) {
        SealedHeaderValue value = test.getSealedValue();
        if (value == null) {
            return new HeaderTest(test.getName(), Optional.ofNullable(test.getValue()));
        }
        Sealed text = new Sealed(value.getKeyId(), value.getNonce(), value.getCiphertext());
        String field = "match.headers." + test.getName();
        return new HeaderTest(
                test.getName(), Optional.of(opened(field, text, placeOf(routeId, MATCH, test.getName()))));
    }

    /** Edits without credentials. */
    static RouteHeaderEdits plain(HeaderEdits edits) {
        return new RouteHeaderEdits(
                edits.set(), edits.add(), edits.remove().stream().sorted().toList(), new HashMap<>(), new HashMap<>());
    }

    private void move(String routeId, String edit, Map<String, String> values, Map<String, SealedHeaderValue> sealed) {
        values.entrySet().removeIf(entry -> {
            boolean isSecret = SecretHeaders.isSecret(entry.getKey(), entry.getValue());
            if (isSecret) {
                sealed.put(entry.getKey(), seal(placeOf(routeId, edit, entry.getKey()), entry.getValue()));
            }
            return isSecret;
        });
    }

    private SealedHeaderValue seal(String place, String value) {
        Sealed sealed = ring.seal(value.getBytes(StandardCharsets.UTF_8), place);
        return new SealedHeaderValue(sealed.keyId(), sealed.nonce(), sealed.ciphertext());
    }

    private Map<String, String> opened(
            String routeId, String edit, Map<String, String> values, Map<String, SealedHeaderValue> sealed) {
        Map<String, String> all = new HashMap<>(values);
        sealed.forEach((name, value) -> {
            Sealed text = new Sealed(value.getKeyId(), value.getNonce(), value.getCiphertext());
            String field = "requestHeaders." + edit + "." + name;
            all.put(name, opened(field, text, placeOf(routeId, edit, name)));
        });
        return all;
    }

    private String opened(String field, Sealed value, String place) {
        try {
            return new String(ring.open(value, place), StandardCharsets.UTF_8);
        } catch (UnopenableSecretException e) {
            throw new UnopenableSecretException(field + " cannot be opened: " + e.getMessage(), e);
        }
    }

    private static String placeOf(String routeId, String edit, String name) {
        return routeId + "|" + edit + "|" + name.toLowerCase(Locale.ROOT);
    }
}
